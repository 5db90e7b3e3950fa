/** How messages, answers and errors become bytes and back; {@link io.catga.codec.JacksonCodec} is the one that ships. */
@NullMarked
package io.catga.codec;

import org.jspecify.annotations.NullMarked;
