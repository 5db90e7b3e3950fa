@NullMarked
package io.catga.transport;

import org.jspecify.annotations.NullMarked;
