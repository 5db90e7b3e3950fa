@NullMarked
package io.catga;

import org.jspecify.annotations.NullMarked;
