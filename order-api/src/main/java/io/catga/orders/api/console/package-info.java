/**
 * The console of the order cluster: a page that places orders and shows which instances took them ({@code ConsolePage}; its
 * files are in {@code resources/console} and start in {@code console.js}), and what that page has to ask for because no order
 * tells it: which instances there are ({@code Instances}).
 */
@NullMarked
package io.catga.orders.api.console;

import org.jspecify.annotations.NullMarked;
