@NullMarked
package io.catga.floor.api;

import org.jspecify.annotations.NullMarked;
