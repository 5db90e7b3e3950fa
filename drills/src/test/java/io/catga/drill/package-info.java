@NullMarked
package io.catga.drill;

import org.jspecify.annotations.NullMarked;
