package io.catga.orders.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.catga.CatgaError.Violation;
import io.catga.CatgaException;
import io.catga.MessageOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadersTest {

    @Test
    void sayNothingWhereThereAreNone() {
        assertThat(RequestHeaders.options(null, null)).isEqualTo(MessageOptions.defaults());
    }

    @ParameterizedTest
    @CsvSource({"1500ms, 1500", "2s, 2000", "250, 250", "' 2s ', 2000", "30s, 30000"})
    void sayHowLongTheClientWaits(String header, long millis) {
        assertThat(RequestHeaders.options(null, header).timeout()).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void giveTheKeyBareOrQuoted() {
        assertThat(RequestHeaders.options("key-1", null).idempotencyKey()).isEqualTo("key-1");
        assertThat(RequestHeaders.options("\"key-1\"", null).idempotencyKey()).isEqualTo("key-1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0", "-1s", "soon", "", "31s", "1.5s", "1ns", "99999999999999999999ms", "9223372036854775807d"})
    void areRefusedTogetherWhereTheyAreWrong(String timeout) {
        assertThatThrownBy(() -> RequestHeaders.options("two words", timeout))
                .isInstanceOfSatisfying(
                        CatgaException.class,
                        refusal -> assertThat(refusal.error().violations())
                                .extracting(Violation::field)
                                .containsExactly("Idempotency-Key", "X-Request-Timeout"));
    }
}
