@NullMarked
package io.catga.doctor;

import org.jspecify.annotations.NullMarked;
