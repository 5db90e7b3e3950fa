package io.catga.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.catga.CatgaError;
import io.catga.CatgaError.Violation;
import io.catga.CatgaException;
import io.catga.ErrorCode;
import io.catga.transport.DeadLetter;
import io.catga.transport.DeadLetters;
import io.catga.transport.DeadLetters.Filter;
import io.catga.transport.DeadLetters.Page;
import io.catga.transport.DeadLetters.Replayed;
import io.catga.transport.DeadLetters.Stats;
import io.catga.transport.Delivery;
import io.catga.transport.TransportHeaders;
import io.catga.transport.WireMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What every {@link DeadLetters} must do. Extend it, and say how a process joins the network of a test; each process is
 * a consumer of its own, and handles one event at a time. Longer than most classes here, as a kit is a list of tests.
 */
public abstract class DeadLettersCompatibilityKit extends TransportCompatibilityKitNodes {

    private static final String TYPE = "kit.happened";
    private static final String OTHER_TYPE = "kit.finished";

    /** A consumer that notes what comes, as {@code text#attempt}, and fails with what a test sets. */
    private static final class Consumer extends EventsOnly {

        private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
        private final BiFunction<WireMessage, Integer, Delivery> failing;
        private volatile boolean mended;

        Consumer(BiFunction<WireMessage, Integer, Delivery> failing) {
            super(TYPE, OTHER_TYPE);
            this.failing = failing;
        }

        void mend() {
            mended = true;
        }

        @Override
        public Delivery onEvent(WireMessage event, int attempt, boolean lastAttempt) {
            seen.add(text(event) + "#" + attempt);
            return mended ? new Delivery.Handled() : failing.apply(event, attempt);
        }
    }

    private final Map<String, Peer> peers = new HashMap<>();

    private Peer joined(String name) throws Exception {
        Peer peer = peers.get(name);
        if (peer == null) {
            peer = peer(name, Settings.DEFAULTS);
            peers.put(name, peer);
        }
        return peer;
    }

    private Consumer working(String name) throws Exception {
        Consumer consumer = new Consumer((_, _) -> new Delivery.Handled());
        joined(name).receive(consumer);
        return consumer;
    }

    /** Gives up each event at once until it is mended. */
    private Consumer failing(String name) throws Exception {
        return failing(name, (_, _) -> givenUp(ErrorCode.INTERNAL));
    }

    private Consumer failing(String name, BiFunction<WireMessage, Integer, Delivery> how) throws Exception {
        Consumer consumer = new Consumer(how);
        joined(name).receive(consumer);
        return consumer;
    }

    private static Delivery givenUp(ErrorCode code) {
        return new Delivery.GivenUp(CatgaError.of(code, "no " + code));
    }

    private static String text(WireMessage event) {
        return new String(event.payload(), StandardCharsets.UTF_8);
    }

    private static WireMessage event(String type, String text) {
        return new WireMessage(type, "id-" + text, Map.of("Kit", text), text.getBytes(StandardCharsets.UTF_8));
    }

    private void publish(String... texts) throws Exception {
        for (String text : texts) {
            publish(event(TYPE, text));
        }
    }

    private void publish(WireMessage event) throws Exception {
        assertThat(joined("publisher").events().publish(event)).succeedsWithin(SOON);
    }

    private List<DeadLetter> letters() throws Exception {
        return letters(Filter.all());
    }

    private List<DeadLetter> letters(Filter filter) throws Exception {
        return deadLetters().list(filter, null, DeadLetters.MAX_PAGE).letters();
    }

    private List<String> texts(Filter filter) throws Exception {
        return letters(filter).stream().map(letter -> text(letter.event())).toList();
    }

    private List<DeadLetter> awaitLetters(int count) throws Exception {
        await().atMost(SOON).untilAsserted(() -> assertThat(letters()).hasSize(count));
        return letters();
    }

    private static void awaitSeen(Consumer consumer, String... attempts) {
        await().atMost(SOON).untilAsserted(() -> assertThat(consumer.seen).containsExactly(attempts));
    }

    @Test
    void keepsAnEventAsItWasAndWhyItWasGivenUp() throws Exception {
        WireMessage event = new WireMessage(
                TYPE,
                "id-1",
                Map.of("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "Other", "a=b; \"c\""),
                StateStoreCompatibilityKitReads.everyByte());
        CatgaError error = CatgaError.validation(List.of(new Violation("what", "must not be blank")));
        failing("consumer.1", (_, attempt) -> attempt < 2 ? new Delivery.Again() : new Delivery.GivenUp(error));
        Instant begun = Instant.now().minusMillis(1);

        publish(event);

        DeadLetter letter = awaitLetters(1).getFirst();
        assertThat(asPublished(letter.event())).usingRecursiveComparison().isEqualTo(event);
        assertThat(letter.consumer()).isEqualTo("consumer.1");
        assertThat(letter.instance()).isEqualTo("consumer.1");
        assertThat(letter.code()).isEqualTo(ErrorCode.VALIDATION);
        assertThat(letter.cause()).isEqualTo("1 field is invalid: what must not be blank");
        assertThat(letter.attempts()).isEqualTo(2);
        assertThat(letter.traceId()).contains("0af7651916cd43dd8448eb211c80319c");
        assertThat(letter.time()).isBetween(begun, Instant.now().plusMillis(1));
    }

    @Test
    void showsTheSameLettersHoweverOftenTheyAreRead() throws Exception {
        failing("consumer");
        publish("a", "b", "c");
        List<DeadLetter> first = awaitLetters(3);

        assertThat(first).extracting(letter -> text(letter.event())).containsExactly("a", "b", "c");
        assertThat(letters()).usingRecursiveComparison().isEqualTo(first);
        assertThat(deadLetters().find(first.get(1).id()))
                .get()
                .usingRecursiveComparison()
                .isEqualTo(first.get(1));
        assertThat(deadLetters().stats().count()).isEqualTo(3);
    }

    @Test
    void findsLettersByTypeConsumerCodeAndAge() throws Exception {
        failing("first", (event, _) -> givenUp(ErrorCode.valueOf(event.headers().getOrDefault("Kit", ""))));
        publish(event(TYPE, "CONFLICT"));
        publish(event(OTHER_TYPE, "NOT_FOUND"));
        awaitLetters(2);
        failing("second");
        List<DeadLetter> all = awaitLetters(4);

        assertThat(texts(Filter.all().ofType(OTHER_TYPE))).containsExactly("NOT_FOUND", "NOT_FOUND");
        assertThat(texts(Filter.all().ofConsumer("first"))).containsExactly("CONFLICT", "NOT_FOUND");
        assertThat(texts(Filter.all().withCode(ErrorCode.CONFLICT))).containsExactly("CONFLICT");
        assertThat(texts(Filter.all().ofConsumer("second").ofType(TYPE))).containsExactly("CONFLICT");
        assertThat(texts(Filter.all().before(all.getFirst().time()))).isEmpty();
        assertThat(texts(Filter.all().before(Instant.now().plusSeconds(60)))).hasSize(4);
        assertThat(letters(Filter.all().since(all.getLast().time())))
                .extracting(DeadLetter::id)
                .contains(all.getLast().id());
        assertThat(texts(Filter.all().since(all.getFirst().time()))).hasSize(4);
        assertThat(texts(Filter.all().since(all.getLast().time().plusMillis(1))))
                .isEmpty();
        assertThat(texts(Filter.all().since(Instant.now().plusSeconds(3600)))).isEmpty();
        assertThat(texts(Filter.all().ofType("no *.> type"))).isEmpty();
        assertThat(texts(Filter.all().ofType("kit"))).isEmpty();
    }

    @Test
    void givesEveryLetterOnOnePage() throws Exception {
        failing("consumer");
        publish("a", "b", "c", "d", "e");
        awaitLetters(5);

        List<String> seen = new ArrayList<>();
        @Nullable String next = null;
        do {
            Page page = deadLetters().list(Filter.all(), next, 2);
            assertThat(page.letters()).hasSizeLessThanOrEqualTo(2);
            page.letters().forEach(letter -> seen.add(text(letter.event())));
            next = page.next();
        } while (next != null);

        assertThat(seen).containsExactly("a", "b", "c", "d", "e");
    }

    @Test
    void refusesAPageThatIsNone() throws Exception {
        DeadLetters letters = deadLetters();
        joined("publisher");

        assertThatThrownBy(() -> letters.list(Filter.all(), null, 0)).hasMessageContaining("limit must be 1 to 1000");
        assertThatThrownBy(() -> letters.list(Filter.all(), null, 1001)).hasMessageContaining("but was 1001");
        assertThatThrownBy(() -> letters.list(Filter.all(), "x", 1))
                .isInstanceOfSatisfying(
                        CatgaException.class, e -> assertThat(e.error().code()).isEqualTo(ErrorCode.VALIDATION))
                .hasMessageContaining("but was 'x'");
    }

    @Test
    void knowsNoLetterThatDoesNotExist() throws Exception {
        joined("publisher");

        for (String id : List.of("1", "0", "-1", "x", "")) {
            assertThat(deadLetters().find(id)).isEmpty();
            assertThat(deadLetters().replay(id)).isFalse();
            assertThat(deadLetters().purge(id)).isFalse();
        }
        assertThat(letters()).isEmpty();
        assertThat(deadLetters().replay(Filter.all())).isEqualTo(new Replayed(0, Map.of()));
        assertThat(deadLetters().purge(Filter.all())).isZero();
    }

    /** Publishing the event again would have made every consumer handle it a second time. */
    @Test
    void replaysOnlyToTheConsumerThatGaveTheEventUp() throws Exception {
        Consumer broken = failing("broken");
        Consumer other = working("other");
        publish("a");
        DeadLetter letter = awaitLetters(1).getFirst();
        awaitSeen(other, "a#1");

        broken.mend();
        assertThat(deadLetters().replay(letter.id())).isTrue();
        awaitSeen(broken, "a#1", "a#1");

        // What came by the same way later is there, so a second one would be, too.
        publish("b");
        awaitSeen(other, "a#1", "b#1");
        awaitSeen(broken, "a#1", "a#1", "b#1");
        assertThat(letters()).isEmpty();
        assertThat(deadLetters().replay(letter.id())).isFalse();
    }

    @Test
    void replaysTheEventAsItWas() throws Exception {
        List<WireMessage> handled = Collections.synchronizedList(new ArrayList<>());
        Consumer consumer = failing("consumer", (event, _) -> {
            handled.add(event);
            return handled.size() == 1 ? givenUp(ErrorCode.INTERNAL) : new Delivery.Handled();
        });
        publish("a");

        deadLetters().replay(awaitLetters(1).getFirst().id());

        awaitSeen(consumer, "a#1", "a#1");
        assertThat(asPublished(handled.get(1))).usingRecursiveComparison().isEqualTo(event(TYPE, "a"));
        assertThat(handled)
                .extracting(DeadLettersCompatibilityKit::publishedAt)
                .as("when it was published, not when it was replayed")
                .doesNotContainNull()
                .containsExactly(publishedAt(handled.getFirst()), publishedAt(handled.getFirst()));
    }

    private static @Nullable String publishedAt(WireMessage event) {
        return event.headers().get(TransportHeaders.PUBLISHED_AT);
    }

    /** Without what the transport says about it. */
    private static WireMessage asPublished(WireMessage event) {
        Map<String, String> headers = new HashMap<>(event.headers());
        headers.remove(TransportHeaders.PUBLISHED_AT);
        return new WireMessage(event.type(), event.messageId(), headers, event.payload());
    }

    @Test
    void replaysInTheOrderInWhichEventsWereGivenUp() throws Exception {
        Consumer consumer = failing("consumer");
        String[] texts = IntStream.range(0, 20).mapToObj(String::valueOf).toArray(String[]::new);
        publish(texts);
        awaitLetters(texts.length);
        consumer.mend();
        consumer.seen.clear();

        assertThat(deadLetters().replay(Filter.all())).isEqualTo(new Replayed(texts.length, Map.of()));

        awaitSeen(consumer, IntStream.range(0, 20).mapToObj(i -> i + "#1").toArray(String[]::new));
        assertThat(letters()).isEmpty();
    }

    /** The second time, deduplication by what the first left behind would lose the event. */
    @Test
    void keepsAReplayedEventAgainThatFailsAgain() throws Exception {
        Consumer consumer = failing(
                "consumer", (_, attempt) -> attempt < 2 ? new Delivery.Again() : givenUp(ErrorCode.UNAVAILABLE));
        publish("a");
        DeadLetter first = awaitLetters(1).getFirst();

        for (int times = 2; times <= 4; times++) {
            DeadLetter before = awaitLetters(1).getFirst();
            assertThat(deadLetters().replay(before.id())).isTrue();
            int attempts = 2 * times;
            await().atMost(SOON).untilAsserted(() -> assertThat(consumer.seen).hasSize(attempts));
            DeadLetter after = awaitLetters(1).getFirst();
            assertThat(after.id()).isNotEqualTo(before.id());
            assertThat(after.attempts()).isEqualTo(2);
            assertThat(after.event()).usingRecursiveComparison().isEqualTo(first.event());
        }
        assertThat(consumer.seen).containsExactly("a#1", "a#2", "a#1", "a#2", "a#1", "a#2", "a#1", "a#2");
    }

    /** It would never end otherwise. */
    @Test
    void replaysWhatFailsAgainNotAgainInTheSameReplay() throws Exception {
        Consumer consumer = failing("consumer");
        publish("a", "b", "c");
        awaitLetters(3);

        assertThat(deadLetters().replay(Filter.all()).letters()).isEqualTo(3);

        await().atMost(SOON).untilAsserted(() -> assertThat(consumer.seen).hasSize(6));
        awaitLetters(3);
        assertThat(texts(Filter.all())).containsExactly("a", "b", "c");
    }

    @Test
    void replaysWhatTheFilterSaysAndLeavesTheRest() throws Exception {
        Consumer first = failing("first");
        Consumer second = failing("second");
        publish("a");
        publish(event(OTHER_TYPE, "b"));
        awaitLetters(4);
        first.mend();
        second.mend();

        assertThat(deadLetters().replay(Filter.all().ofConsumer("first").ofType(OTHER_TYPE)))
                .isEqualTo(new Replayed(1, Map.of()));

        awaitSeen(first, "a#1", "b#1", "b#1");
        assertThat(texts(Filter.all().ofConsumer("first"))).containsExactly("a");
        assertThat(texts(Filter.all().ofConsumer("second"))).containsExactly("a", "b");
        assertThat(second.seen).containsExactly("a#1", "b#1");
    }

    @Test
    void keepsAReplayForAConsumerThatIsAway() throws Exception {
        Peer consumer = joined("consumer");
        consumer.receive(new Consumer((_, _) -> givenUp(ErrorCode.INTERNAL)));
        publish("a", "b");
        awaitLetters(2);
        leave(consumer);
        peers.clear();

        assertThat(deadLetters().replay(Filter.all()).letters()).isEqualTo(2);
        assertThat(letters()).isEmpty();

        awaitSeen(working("consumer"), "a#1", "b#1");
    }

    @Test
    void handsALetterOverOnceThatIsReplayedByMany() throws Exception {
        Consumer consumer = failing("consumer");
        publish("a", "b", "c");
        List<DeadLetter> letters = awaitLetters(3);
        consumer.mend();
        consumer.seen.clear();
        DeadLetters shared = deadLetters();

        List<Callable<Boolean>> replays = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            replays.add(() -> shared.replay(letters.getFirst().id()));
            replays.add(() -> shared.replay(Filter.all()).letters() > 0);
        }
        inParallel(replays);
        publish("last");

        await().atMost(SOON).untilAsserted(() -> assertThat(consumer.seen).endsWith("last#1"));
        assertThat(consumer.seen).containsExactly("a#1", "b#1", "c#1", "last#1");
        assertThat(letters()).isEmpty();
    }

    @Test
    void purgesOneSomeOrAllAndHandsThemToNobody() throws Exception {
        Consumer consumer = failing("consumer");
        publish("a", "b", "c", "d");
        publish(event(OTHER_TYPE, "e"));
        List<DeadLetter> letters = awaitLetters(5);

        assertThat(deadLetters().purge(letters.get(1).id())).isTrue();
        assertThat(deadLetters().purge(letters.get(1).id())).isFalse();
        assertThat(texts(Filter.all())).containsExactly("a", "c", "d", "e");

        assertThat(deadLetters().purge(Filter.all().ofType(OTHER_TYPE))).isEqualTo(1);
        assertThat(deadLetters().purge(Filter.all().before(letters.get(2).time())))
                .isEqualTo(1);
        assertThat(texts(Filter.all())).containsExactly("c", "d");

        assertThat(deadLetters().purge(Filter.all())).isEqualTo(2);
        assertThat(letters()).isEmpty();
        assertThat(consumer.seen).hasSize(5);
    }

    @Test
    void givesNoIdTwice() throws Exception {
        failing("consumer");
        publish("a");
        DeadLetter purged = awaitLetters(1).getFirst();
        deadLetters().purge(Filter.all());

        publish("b");

        assertThat(awaitLetters(1).getFirst().id()).isNotEqualTo(purged.id());
        assertThat(deadLetters().find(purged.id())).isEmpty();
    }

    @Test
    void saysHowManyThereAreAndSinceWhen() throws Exception {
        failing("consumer");
        joined("publisher");
        assertThat(deadLetters().stats()).isEqualTo(new Stats(0, null));

        publish("a", "b");
        List<DeadLetter> letters = awaitLetters(2);

        Stats both = deadLetters().stats();
        assertThat(both.count()).isEqualTo(2);
        assertThat(both.oldest())
                .isBetween(
                        letters.getFirst().time().minusSeconds(5), Instant.now().plusSeconds(5));
        deadLetters().purge(letters.getFirst().id());
        assertThat(deadLetters().stats().oldest()).isAfter(both.oldest());
        deadLetters().purge(letters.getLast().id());
        assertThat(deadLetters().stats()).isEqualTo(new Stats(0, null));
    }
}
