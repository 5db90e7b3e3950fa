@NullMarked
package io.catga.bench;

import org.jspecify.annotations.NullMarked;
