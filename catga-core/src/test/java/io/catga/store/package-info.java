@NullMarked
package io.catga.store;

import org.jspecify.annotations.NullMarked;
