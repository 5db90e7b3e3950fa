/**
 * Compatibility kits: abstract test classes that say what a transport and a store must do. Extend one for each
 * implementation, so that they cannot drift apart.
 */
@NullMarked
package io.catga.test;

import org.jspecify.annotations.NullMarked;
