@NullMarked
package io.catga.orders.api;

import org.jspecify.annotations.NullMarked;
