@NullMarked
package io.catga.spring;

import org.jspecify.annotations.NullMarked;
