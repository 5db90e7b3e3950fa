@NullMarked
package io.catga.redis;

import org.jspecify.annotations.NullMarked;
