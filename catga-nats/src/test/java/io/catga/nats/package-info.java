@NullMarked
package io.catga.nats;

import org.jspecify.annotations.NullMarked;
