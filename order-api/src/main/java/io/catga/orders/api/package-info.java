/**
 * The HTTP side of the order system: reads and checks requests, sends commands and queries to whoever handles them, and
 * turns results into answers. It keeps no state. Start reading at {@code OrderController}.
 */
@NullMarked
package io.catga.orders.api;

import org.jspecify.annotations.NullMarked;
