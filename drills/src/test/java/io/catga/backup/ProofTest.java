package io.catga.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProofTest {

    private static final Instant FIRST_AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration MAX_AGE = Duration.ofDays(7);
    private static final Instant SOON = FIRST_AT.plus(Duration.ofDays(1));
    private static final Instant LATE = FIRST_AT.plus(Duration.ofDays(8));
    private static final Manifest.Contents CONTENTS = new Manifest.Contents(100, 40, 12, 3, "abc");

    private static Manifest.Stream stream(long messages, long first, long last) {
        return new Manifest.Stream(
                Backup.EVENTS, messages, first, last, FIRST_AT, MAX_AGE.toNanos(), List.of(), List.of());
    }

    @Test
    void theSameIsNoDifference() {
        assertThat(Proof.redis(CONTENTS, CONTENTS)).isEmpty();
        assertThat(Proof.replicas(CONTENTS, Map.of("redis-1", List.of(12L, 3L))))
                .isEmpty();
        assertThat(Proof.stream(stream(10, 5, 20), new Proof.State(10, 5, 20), SOON))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "99, 40, 12, 3, abc, keys of the dump: 99",
        "100, 39, 12, 3, abc, kept for good: 39",
        "100, 40, 11, 3, abc, orders: 11",
        "100, 40, 12, 2, abc, outbox: 2",
        "100, 40, 12, 3, abd, 'not abc'"
    })
    void whateverIsDifferentInRedisIsSaid(
            long keys, long lasting, long orders, long outbox, String digest, String said) {
        assertThat(Proof.redis(CONTENTS, new Manifest.Contents(keys, lasting, orders, outbox, digest)))
                .singleElement()
                .asString()
                .contains(said);
    }

    @Test
    void aReplicaThatLacksAnOrderIsNamed() {
        assertThat(Proof.replicas(CONTENTS, Map.of("redis-1", List.of(12L, 3L), "redis-3", List.of(11L, 3L))))
                .containsExactly("orders on redis-3: 11, where 12 was backed up");
    }

    @ParameterizedTest
    @CsvSource({"9, 5, 20", "11, 5, 20", "10, 6, 20", "10, 5, 19", "10, 5, 21"})
    void aStreamHasEveryMessageThatItHad(long messages, long first, long last) {
        assertThat(Proof.stream(stream(10, 5, 20), new Proof.State(messages, first, last), SOON))
                .hasSize(1);
    }

    @Test
    void anEmptyStreamHasNoFirstMessage() {
        assertThat(Proof.stream(stream(0, 0, 0), new Proof.State(0, 1, 0), SOON))
                .isEmpty();
        assertThat(Proof.stream(stream(0, 0, 0), new Proof.State(1, 1, 1), SOON))
                .isNotEmpty();
    }

    @Test
    void messagesThatWereTooOldAreGoneFromTheBeginning() {
        assertThat(Proof.stream(stream(16, 5, 20), new Proof.State(12, 9, 20), LATE))
                .isEmpty();
        assertThat(Proof.stream(stream(16, 5, 20), new Proof.State(0, 21, 20), LATE))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"11, 9, 20", "12, 9, 19", "17, 5, 20", "16, 4, 20"})
    void noOtherMessageIsGoneWithThem(long messages, long first, long last) {
        assertThat(Proof.stream(stream(16, 5, 20), new Proof.State(messages, first, last), LATE))
                .isNotEmpty();
    }
}
