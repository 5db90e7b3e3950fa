@NullMarked
package io.catga.notifications;

import org.jspecify.annotations.NullMarked;
