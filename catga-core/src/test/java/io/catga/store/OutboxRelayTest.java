package io.catga.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.catga.CatgaException;
import io.catga.ErrorCode;
import io.catga.transport.EventBus;
import io.catga.transport.WireMessage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class OutboxRelayTest {

    private static final Duration GRACE = Duration.ofSeconds(5);

    private final InMemoryStateStore store = new InMemoryStateStore(Clock.systemUTC(), Duration.ofSeconds(10));
    private final Queue<String> published = new ConcurrentLinkedQueue<>();

    private void waiting(String... ids) {
        for (String id : ids) {
            store.commit(
                    AtomicStep.forKey("test", id, "f", new byte[0], Duration.ofMinutes(1))
                            .publish(new WireMessage("test.event", id, Map.of(), new byte[0])),
                    Instant.MAX);
        }
    }

    private CompletableFuture<Void> accept(WireMessage event) {
        published.add(event.messageId());
        return CompletableFuture.completedFuture(null);
    }

    private static CompletableFuture<Void> refuse(ErrorCode code) {
        return CompletableFuture.failedFuture(new CatgaException(code, "refused"));
    }

    private void relayingOver(EventBus bus, Runnable check) throws InterruptedException {
        OutboxRelay relay = new OutboxRelay(store, bus);
        relay.start();
        try {
            check.run();
        } finally {
            relay.stop(GRACE);
        }
    }

    /** A bus that fails in some way a few times before it works. */
    private EventBus failingFirst(int times, Supplier<CompletableFuture<Void>> failure) {
        AtomicInteger left = new AtomicInteger(times);
        return event -> left.getAndDecrement() > 0 ? failure.get() : accept(event);
    }

    private void assertEverythingIsPublished(EventBus bus) throws InterruptedException {
        waiting("a", "b", "c");
        relayingOver(bus, () -> await().until(() -> store.backlog().size() == 0));
        assertThat(published).contains("a", "b", "c");
    }

    @Test
    void publishesInOrderAndRemoves() throws Exception {
        assertEverythingIsPublished(this::accept);

        assertThat(published).containsExactly("a", "b", "c");
    }

    @Test
    void publishesAgainWhatWasNotConfirmed() throws Exception {
        assertEverythingIsPublished(failingFirst(4, () -> refuse(ErrorCode.UNAVAILABLE)));
    }

    @Test
    void survivesABusThatThrows() throws Exception {
        assertEverythingIsPublished(failingFirst(2, () -> {
            throw new IllegalStateException("closed");
        }));
    }

    @Test
    void survivesAConfirmationThatIsCancelled() throws Exception {
        assertEverythingIsPublished(failingFirst(2, () -> {
            CompletableFuture<Void> cancelled = new CompletableFuture<>();
            cancelled.cancel(false);
            return cancelled;
        }));
    }

    @Test
    void theLineOfAnEventThatIsRefusedForGoodHasItsId() throws Exception {
        Logger log = (Logger) LoggerFactory.getLogger(OutboxRelay.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        log.addAppender(lines);
        waiting("too large", "a");

        relayingOver(
                event -> event.messageId().equals("too large") ? refuse(ErrorCode.UNREADABLE) : accept(event),
                () -> await().until(() -> published.contains("a")));
        log.detachAppender(lines);

        assertThat(lines.list)
                .singleElement()
                .satisfies(line -> assertThat(line.getMDCPropertyMap()).containsEntry("messageId", "too large"));
    }

    @Test
    void anEventThatIsRefusedForGoodStaysAndHoldsUpNoOther() throws Exception {
        waiting("too large");
        relayingOver(
                event -> event.messageId().equals("too large") ? refuse(ErrorCode.UNREADABLE) : accept(event), () -> {
                    waiting("a");
                    await().until(() -> published.contains("a"));
                    waiting("b");
                    await().until(() -> published.contains("b"));
                });

        assertThat(store.backlog().size()).isEqualTo(1);
    }
}
