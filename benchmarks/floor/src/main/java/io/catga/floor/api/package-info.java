/**
 * The HTTP application: validates, asks the order service over NATS, answers.
 */
@NullMarked
package io.catga.floor.api;

import org.jspecify.annotations.NullMarked;
