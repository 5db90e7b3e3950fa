@NullMarked
package io.catga.orders.api.console;

import org.jspecify.annotations.NullMarked;
