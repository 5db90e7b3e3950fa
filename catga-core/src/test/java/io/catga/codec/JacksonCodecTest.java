package io.catga.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.catga.CatgaException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JacksonCodecTest {

    private final JacksonCodec codec = new JacksonCodec();

    record Order(Map<String, Integer> quantities) {}

    record OldMessage(String name) {}

    record NewMessage(String name, @Nullable String title) {}

    private String json(Object value) {
        return new String(codec.encode(value), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    /** {@code Map.of} is in another order in each JVM: two instances made two fingerprints of one message. */
    @Test
    void writesAMapInTheOrderOfItsKeys() {
        Map<String, Integer> quantities = new LinkedHashMap<>();
        quantities.put("pears", 2);
        quantities.put("apples", 1);

        assertThat(json(new Order(quantities))).isEqualTo("{\"quantities\":{\"apples\":1,\"pears\":2}}");
    }

    /** A message that waits while its service is updated is the same message afterwards. */
    @Test
    void writesAMessageAsBeforeWhereAFieldThatWasAddedIsNotUsed() {
        assertThat(codec.encode(new NewMessage("Ada", null))).isEqualTo(codec.encode(new OldMessage("Ada")));
    }

    @Test
    void ignoresWhatItDoesNotKnow() {
        assertThat(codec.<OldMessage>decode(bytes("{\"name\":\"Ada\",\"title\":\"Countess\"}"), OldMessage.class))
                .isEqualTo(new OldMessage("Ada"));
    }

    @Test
    void refusesWhatIsNotOfTheType() {
        assertThatThrownBy(() -> codec.decode(bytes("[1"), OldMessage.class))
                .isInstanceOf(CatgaException.class)
                .hasMessageContaining("UNREADABLE");
        assertThatThrownBy(() -> codec.decode(bytes("null"), OldMessage.class)).hasMessageContaining("UNREADABLE");
    }
}
