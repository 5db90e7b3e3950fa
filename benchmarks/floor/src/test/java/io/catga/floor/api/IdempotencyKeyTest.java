package io.catga.floor.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {

    @Test
    void isTakenBareOrQuoted() {
        assertThat(IdempotencyKey.of("k-1")).isEqualTo("k-1");
        assertThat(IdempotencyKey.of("\"k-1\"")).isEqualTo("k-1");
    }

    @Test
    void isMadeUpWhereThereIsNone() {
        assertThat(IdempotencyKey.of(null)).isNotEqualTo(IdempotencyKey.of(null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"\"", "a b", "ä", "a\tb"})
    void isRefusedUnlessItIsVisibleAscii(String header) {
        assertThatThrownBy(() -> IdempotencyKey.of(header))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(Code.VALIDATION));
    }

    @Test
    void isRefusedWhenItIsTooLong() {
        assertThat(IdempotencyKey.of("k".repeat(255))).hasSize(255);
        assertThatThrownBy(() -> IdempotencyKey.of("k".repeat(256))).isInstanceOf(ProblemException.class);
    }
}
