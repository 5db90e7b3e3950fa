/**
 * What every Catga application with an HTTP side has in common: {@code GET /health}, problem details with a stable code
 * for every failure, the headers that say who answered, and a limit on the size of a body.
 */
@NullMarked
package io.catga.spring.web;

import org.jspecify.annotations.NullMarked;
