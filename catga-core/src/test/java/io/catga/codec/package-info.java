@NullMarked
package io.catga.codec;

import org.jspecify.annotations.NullMarked;
