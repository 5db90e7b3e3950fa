package io.catga.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.catga.CatgaException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonUpcasterTest {

    private static String upcast(JsonUpcaster upcaster, String json) {
        return new String(upcaster.upcast(json.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }

    @Test
    void changesTheMessageAsATree() {
        JsonUpcaster upcaster = new JsonUpcaster(
                "test.order", 1, order -> order.put("currency", "EUR").set("total", order.remove("sum")));

        assertThat(upcast(upcaster, "{\"sum\":3}")).isEqualTo("{\"currency\":\"EUR\",\"total\":3}");
    }

    /** An amount of money is exact, and its digits are part of the fingerprint of a message. */
    @Test
    void keepsEveryDigitOfANumber() {
        JsonUpcaster upcaster = new JsonUpcaster("test.order", 1, order -> {});

        assertThat(upcast(upcaster, "{\"a\":100.10,\"b\":0.1234567890123456789}"))
                .isEqualTo("{\"a\":100.10,\"b\":0.1234567890123456789}");
    }

    @Test
    void refusesWhatIsNotAnObject() {
        JsonUpcaster upcaster = new JsonUpcaster("test.order", 1, order -> {});

        assertThatThrownBy(() -> upcast(upcaster, "[1]"))
                .isInstanceOf(CatgaException.class)
                .hasMessageContaining("UNREADABLE", "test.order of version 1", "ARRAY");
        assertThatThrownBy(() -> upcast(upcaster, "{"))
                .isInstanceOf(CatgaException.class)
                .hasMessageContaining("UNREADABLE");
    }
}
