@NullMarked
package io.catga.pipeline;

import org.jspecify.annotations.NullMarked;
