@NullMarked
package io.catga.benchmarks;

import org.jspecify.annotations.NullMarked;
