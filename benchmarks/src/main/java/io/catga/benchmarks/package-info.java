/**
 * What a message costs. Each class that ends in {@code Benchmark} asks one question, with JMH; {@link
 * io.catga.benchmarks.Microbenchmarks} runs them all, and {@link io.catga.benchmarks.Report} makes a table of what they
 * measured. Only the public API of Catga and of the others is used, wired as their documentation does.
 */
@NullMarked
package io.catga.benchmarks;

import org.jspecify.annotations.NullMarked;
