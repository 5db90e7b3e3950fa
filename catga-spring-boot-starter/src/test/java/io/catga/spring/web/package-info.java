@NullMarked
package io.catga.spring.web;

import org.jspecify.annotations.NullMarked;
