@NullMarked
package io.catga.orders;

import org.jspecify.annotations.NullMarked;
