/**
 * The order system in one process: the controllers, handlers and streams of the three apps as they are, over the network
 * and the store in memory. Start reading at {@code OrderDemoApplication}.
 */
@NullMarked
package io.catga.demo;

import org.jspecify.annotations.NullMarked;
