package io.catga.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.catga.store.AtomicStep;
import io.catga.store.CommitOutcome;
import io.catga.store.StateStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What every state store must do with what it keeps; a part of {@link StateStoreCompatibilityKit}, which is to be
 * extended.
 */
public abstract class StateStoreCompatibilityKitReads {

    static final Duration SOON = Duration.ofSeconds(10);
    static final Duration BRIEFLY = Duration.ofMillis(300);
    static final Duration LONG = Duration.ofMinutes(5);

    /** What the measuring of a lifetime may be off by: the store has a clock of its own, in milliseconds. */
    private static final Duration TOLERANCE = Duration.ofMillis(50);

    private final String test = UUID.randomUUID().toString();

    /**
     * The store, for use by many threads. It may be the same for all tests, and need not be empty: no test uses the
     * names of another. Called many times within a test, and always to return the same store or one that sees the same.
     */
    protected abstract StateStore store() throws Exception;

    /** A name that only this test uses. */
    final String named(String name) {
        return name + '-' + test;
    }

    /** A step with a key of its own. */
    final AtomicStep step() {
        return step(UUID.randomUUID().toString());
    }

    final AtomicStep step(String key) {
        return step(key, "as asked", "done");
    }

    final AtomicStep step(String key, String fingerprint, String result) {
        return AtomicStep.forKey(named("kit.command"), key, fingerprint, bytes(result), LONG);
    }

    final CommitOutcome commit(AtomicStep step) throws Exception {
        return store().commit(step, deadline());
    }

    /** Commits where the test is about what comes after it. */
    final void committed(AtomicStep step) throws Exception {
        assertThat(commit(step)).isEqualTo(new CommitOutcome.Committed());
    }

    final Optional<String> valueAt(String name) throws Exception {
        return store().get(named(name), deadline()).map(StateStoreCompatibilityKitReads::text);
    }

    final List<String> greatest(String index, @Nullable String before, int limit) throws Exception {
        return store().greatest(named(index), before, limit, deadline());
    }

    final List<String> members(String index) throws Exception {
        return greatest(index, null, 1_000);
    }

    static Instant deadline() {
        return Instant.now().plus(SOON);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static byte[] everyByte() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    /**
     * Asserts that something ends when its lifetime is over. It measures rather than looks in the middle, so that a slow
     * machine does not fail it.
     */
    static void assertEndsAfter(Duration lifetime, Instant begun, Callable<Boolean> isOver) {
        await().pollInterval(Duration.ofMillis(20)).atMost(SOON).until(isOver);
        assertThat(Duration.between(begun, Instant.now())).isGreaterThanOrEqualTo(lifetime.minus(TOLERANCE));
    }

    @Test
    void findsNothingWhereNothingWasPut() throws Exception {
        assertThat(valueAt("nowhere")).isEmpty();
    }

    @Test
    void returnsExactlyTheBytesThatWerePut() throws Exception {
        committed(step().put(named("all"), everyByte()).put(named("none"), new byte[0]));

        assertThat(store().get(named("all"), deadline()))
                .hasValueSatisfying(value -> assertThat(value).isEqualTo(everyByte()));
        assertThat(store().get(named("none"), deadline()))
                .hasValueSatisfying(value -> assertThat(value).isEmpty());
    }

    @Test
    void putsAValueInThePlaceOfAnother() throws Exception {
        committed(step().put(named("k"), bytes("a long value")));

        committed(step().put(named("k"), bytes("short")));

        assertThat(valueAt("k")).contains("short");
    }

    @Test
    void appliesTheWritesOfAStepInTheirOrder() throws Exception {
        committed(step().put(named("k"), bytes("first")).put(named("k"), bytes("last")));

        assertThat(valueAt("k")).contains("last");
    }

    @Test
    void forgetsAValueAfterItsLifetime() throws Exception {
        Instant begun = Instant.now();
        committed(step().put(named("brief"), bytes("x"), BRIEFLY)
                .put(named("long"), bytes("y"), LONG)
                .put(named("unlimited"), bytes("z")));

        assertEndsAfter(BRIEFLY, begun, () -> valueAt("brief").isEmpty());
        assertThat(valueAt("long")).contains("y");
        assertThat(valueAt("unlimited")).contains("z");
    }

    @Test
    void keepsAValueThatHasReplacedOneWithALifetime() throws Exception {
        committed(step().put(named("k"), bytes("old"), BRIEFLY));
        committed(step().put(named("k"), bytes("new")));
        committed(step().put(named("later"), bytes("x"), BRIEFLY));

        await().atMost(SOON).until(() -> valueAt("later").isEmpty());

        assertThat(valueAt("k")).contains("new");
    }

    @Test
    void returnsSeveralValuesInTheOrderOfTheirKeysWithGaps() throws Exception {
        committed(step().put(named("a"), bytes("1")).put(named("b"), bytes("2")).put(named("c"), bytes("")));
        List<String> keys = List.of(named("b"), named("gap"), named("a"), named("c"), named("b"));

        List<Optional<byte[]>> values = store().getAll(keys, deadline());

        assertThat(values)
                .extracting(value -> value.map(StateStoreCompatibilityKitReads::text))
                .containsExactly(
                        Optional.of("2"), Optional.empty(), Optional.of("1"), Optional.of(""), Optional.of("2"));
    }

    @Test
    void returnsNoValuesForNoKeys() throws Exception {
        assertThat(store().getAll(List.of(), deadline())).isEmpty();
    }

    @Test
    void listsAnIndexFromTheGreatestMemberDown() throws Exception {
        committed(step().addToIndex(named("i"), "b").addToIndex(named("i"), "d"));
        committed(step().addToIndex(named("i"), "a"));
        committed(step().addToIndex(named("i"), "c").addToIndex(named("other"), "e"));

        assertThat(members("i")).containsExactly("d", "c", "b", "a");
    }

    /** A handler names its values and indexes without thinking of each other's. */
    @Test
    void tellsAValueAndAnIndexOfTheSameNameApart() throws Exception {
        committed(step().put(named("n"), bytes("x")).addToIndex(named("n"), "m"));

        committed(step().expecting(named("n"), bytes("x")).put(named("n"), bytes("y")));

        assertThat(valueAt("n")).contains("y");
        assertThat(members("n")).containsExactly("m");
    }

    @Test
    void listsAMemberOnceThatWasAddedTwice() throws Exception {
        committed(step().addToIndex(named("i"), "a").addToIndex(named("i"), "a"));
        committed(step().addToIndex(named("i"), "a"));

        assertThat(members("i")).containsExactly("a");
    }

    @Test
    void listsNoMoreMembersThanTheLimit() throws Exception {
        committed(step().addToIndex(named("i"), "a").addToIndex(named("i"), "b").addToIndex(named("i"), "c"));

        assertThat(greatest("i", null, 1)).containsExactly("c");
        assertThat(greatest("i", null, 2)).containsExactly("c", "b");
        assertThat(greatest("i", "c", 1)).containsExactly("b");
        assertThat(greatest("i", null, Integer.MAX_VALUE)).containsExactly("c", "b", "a");
    }

    /** Whoever names an index after something that somebody else chooses cannot know how often it is added to. */
    @Test
    void keepsNoMoreMembersThanTheIndexMay() throws Exception {
        for (String member : List.of("b", "d", "a", "c", "c", "e")) {
            committed(step().addToIndex(named("i"), member, LONG, 3).addToIndex(named("all"), member, LONG));
        }

        assertThat(members("i")).containsExactly("e", "d", "c");
        assertThat(members("all")).containsExactly("e", "d", "c", "b", "a");
    }

    @Test
    void listsOnlyMembersSmallerThanTheOneBefore() throws Exception {
        committed(
                step().addToIndex(named("i"), "a").addToIndex(named("i"), "ab").addToIndex(named("i"), "c"));

        assertThat(greatest("i", "c", 9)).containsExactly("ab", "a");
        assertThat(greatest("i", "ab", 9)).containsExactly("a");
        assertThat(greatest("i", "a", 9)).isEmpty();
        assertThat(greatest("i", "b, which is no member", 9)).containsExactly("ab", "a");
        assertThat(greatest("i", "z", 9)).containsExactly("c", "ab", "a");
    }

    @Test
    void listsNothingForAnIndexThatDoesNotExist() throws Exception {
        assertThat(members("nowhere")).isEmpty();
        assertThat(greatest("nowhere", "a", 9)).isEmpty();
    }

    /** The last two are the other way round in UTF-16, which is how Java compares strings. */
    @Test
    void keepsTheMembersOfAnIndexInTheOrderOfTheirBytes() throws Exception {
        String[] ascending = {"(", "+", "-", "1", "10", "2", "B", "Z", "[", "a", "a b", "aa", "b", "é", "\uFFFD", "😀"};
        AtomicStep adding = step();
        for (int i = 0; i < ascending.length; i++) {
            adding = adding.addToIndex(named("i"), ascending[i * 7 % ascending.length]);
        }
        committed(adding);

        assertThat(members("i"))
                .containsExactlyElementsOf(Arrays.asList(ascending).reversed());
        assertThat(greatest("i", "😀", 2)).containsExactly("\uFFFD", "é");
        assertThat(greatest("i", "-", 9)).containsExactly("+", "(");
    }

    @Test
    void forgetsAnIndexAfterItsLifetime() throws Exception {
        Instant begun = Instant.now();
        committed(step().addToIndex(named("brief"), "a", BRIEFLY)
                .addToIndex(named("long"), "b", LONG)
                .addToIndex(named("unlimited"), "c"));

        assertEndsAfter(BRIEFLY, begun, () -> members("brief").isEmpty());
        assertThat(members("long")).containsExactly("b");
        assertThat(members("unlimited")).containsExactly("c");
    }

    @Test
    void startsTheLifetimeOfTheWholeIndexAgainWhenAMemberIsAdded() throws Exception {
        Duration lifetime = Duration.ofSeconds(2);
        committed(step().addToIndex(named("i"), "a", lifetime).put(named("pause"), bytes("x"), BRIEFLY));
        await().atMost(SOON).until(() -> valueAt("pause").isEmpty());

        Instant again = Instant.now();
        committed(step().addToIndex(named("i"), "b", lifetime));

        assertEndsAfter(lifetime, again, () -> !members("i").equals(List.of("b", "a")));
        assertThat(members("i")).isEmpty();
    }

    @Test
    void startsAnIndexAnewOnceItWasForgotten() throws Exception {
        committed(step().addToIndex(named("i"), "old", BRIEFLY));
        await().atMost(SOON).until(() -> members("i").isEmpty());

        committed(step().addToIndex(named("i"), "new"));

        assertThat(members("i")).containsExactly("new");
    }
}
