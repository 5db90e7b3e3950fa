/**
 * Catga in a Spring Boot application: handlers and catalogues are beans, settings are {@code catga.*} properties
 * ({@link io.catga.spring.CatgaProperties}), and the mediator is there to be injected. Start reading at
 * {@link io.catga.spring.CatgaAutoConfiguration}.
 */
@NullMarked
package io.catga.spring;

import org.jspecify.annotations.NullMarked;
