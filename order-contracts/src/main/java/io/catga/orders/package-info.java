/**
 * What the order apps say to each other: commands, queries, events and the values in them. Start reading at
 * {@link io.catga.orders.OrderMessages}.
 */
@NullMarked
package io.catga.orders;

import org.jspecify.annotations.NullMarked;
