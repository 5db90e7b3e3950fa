@NullMarked
package io.catga.demo;

import org.jspecify.annotations.NullMarked;
