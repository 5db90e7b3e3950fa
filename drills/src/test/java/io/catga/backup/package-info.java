@NullMarked
package io.catga.backup;

import org.jspecify.annotations.NullMarked;
