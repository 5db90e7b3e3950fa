@NullMarked
package io.catga.orders.service;

import org.jspecify.annotations.NullMarked;
