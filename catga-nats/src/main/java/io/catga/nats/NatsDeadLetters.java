package io.catga.nats;

import io.catga.CatgaException;
import io.catga.ErrorCode;
import io.catga.transport.DeadLetter;
import io.catga.transport.DeadLetters;
import io.catga.transport.LogLines;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.PurgeOptions;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dead letters of all consumers of an event stream. Thread-safe, and the same from every instance.
 *
 * <p>They are read by their place in the dead-letter stream, without a consumer, so reading leaves no trace.
 *
 * <p>A replay is published to a subject that only the consumer of the letter receives, in the event stream, where it is
 * as safe as any event. Its deduplication id names the letter, not the event: the stream would otherwise take it for the
 * event that it has seen already, and drop it. Two processes that replay the same letter, or one that tries again, queue
 * it once. The letter is removed after the confirmation.
 *
 * <p>Whether the consumer receives that subject is asked before: one that is gone, or was begun by a version that knows
 * no replays, would never see what is published to it.
 */
public final class NatsDeadLetters implements DeadLetters {

    private static final Logger LOG = LoggerFactory.getLogger(NatsDeadLetters.class);

    private static final int NO_SUCH_MESSAGE = 10037;
    private static final int NO_SUCH_CONSUMER = 10014;

    /** What can stand in a subject as it is. */
    private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");

    /** How many letters are looked at for one page: about a second's worth. */
    private static final int LOOKS = 2000;

    /** How far the clock of an instance, which a letter has its time from, may be ahead of the server's. */
    private static final Duration CLOCKS = Duration.ofMinutes(1);

    /** How large the payloads of one page may be together before it ends. */
    private static final int PAGE_BYTES = 4 << 20;

    private final NatsLink link;
    private final NatsOptions options;
    private final String stream;
    private final StreamPublisher publisher;

    /**
     * Over this connection, with the streams that its options name; nothing is asked of the server before the first
     * call.
     */
    public NatsDeadLetters(NatsLink link) {
        this.link = link;
        this.options = link.options();
        this.stream = options.events().deadLetterStream();
        this.publisher = new StreamPublisher(
                link, 0, task -> Thread.ofVirtual().name("catga-replayed").start(task), () -> {});
    }

    @Override
    public Page list(Filter filter, @Nullable String after, int limit) {
        long place = after == null ? 0 : place(after).orElseThrow(() -> noPageAfter(after));
        if (limit < 1 || limit > MAX_PAGE) {
            throw new CatgaException(
                    ErrorCode.VALIDATION, "limit must be 1 to %d, but was %d".formatted(MAX_PAGE, limit));
        }
        JetStreamManagement management = management();
        List<DeadLetter> found = new ArrayList<>();
        long bytes = 0;
        for (int looks = 0; looks < LOOKS && found.size() < limit && bytes < PAGE_BYTES; looks++) {
            Optional<DeadLetter> next = next(management, filter, place);
            if (next.isEmpty()) {
                return new Page(found, null);
            }
            DeadLetter letter = next.get();
            place = place(letter);
            if (filter.matches(letter)) {
                found.add(letter);
                bytes += letter.event().payload().length;
            }
        }
        return new Page(found, next(management, filter, place).isEmpty() ? null : Long.toString(place));
    }

    private static CatgaException noPageAfter(String after) {
        return new CatgaException(
                ErrorCode.VALIDATION, "after must be the next of the page before, but was '" + after + "'");
    }

    @Override
    public Optional<DeadLetter> find(String id) {
        return place(id).flatMap(place -> find(management(), place));
    }

    private Optional<DeadLetter> find(JetStreamManagement management, long place) {
        return found(() -> management.getMessage(stream, place));
    }

    @Override
    public boolean replay(String id) {
        JetStreamManagement management = management();
        Optional<DeadLetter> found = place(id).flatMap(place -> find(management, place));
        found.ifPresent(letter -> {
            refusal(management, letter.consumer()).ifPresent(why -> {
                throw new CatgaException(
                        ErrorCode.CONFLICT, "the dead letter %s cannot be replayed: %s".formatted(id, why));
            });
            replay(management, letter);
        });
        return found.isPresent();
    }

    @Override
    public Replayed replay(Filter filter) {
        JetStreamManagement management = management();
        Map<String, Optional<String>> refusals = new HashMap<>();
        AtomicLong replayed = new AtomicLong();
        try {
            forEach(management, filter, letter -> {
                if (refusals.computeIfAbsent(letter.consumer(), name -> refusal(management, name))
                        .isEmpty()) {
                    replay(management, letter);
                    replayed.incrementAndGet();
                }
            });
        } catch (CatgaException e) {
            throw new CatgaException(
                    e.error().code(),
                    "replaying stopped after %d letters, the rest stays: %s"
                            .formatted(replayed.get(), e.error().message()),
                    e);
        }
        Map<String, String> skipped = new HashMap<>();
        refusals.forEach((consumer, refusal) -> refusal.ifPresent(why -> skipped.put(consumer, why)));
        return new Replayed(replayed.get(), skipped);
    }

    /** Every letter that there is now and that the filter lets through, oldest first; none that comes meanwhile. */
    private void forEach(JetStreamManagement management, Filter filter, Consumer<DeadLetter> action) {
        long end = state(management).getLastSequence();
        Optional<DeadLetter> next = next(management, filter, 0);
        while (next.isPresent() && place(next.get()) <= end) {
            DeadLetter letter = next.get();
            if (filter.matches(letter)) {
                action.accept(letter);
            }
            next = next(management, filter, place(letter));
        }
    }

    /** Queued first, and only when that is confirmed removed. */
    private void replay(JetStreamManagement management, DeadLetter letter) {
        String durable = NatsEventOptions.durable(letter.consumer());
        try {
            // With its time, because a stream that was deleted and made again begins to count anew.
            publisher
                    .publish(
                            options.replaySubject(durable),
                            "replay-%s-%s".formatted(letter.id(), letter.time()),
                            WireHeaders.of(letter.event()),
                            letter.event().payload())
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof CatgaException known ? known : e;
        }
        remove(management, letter);
        LogLines.about(
                letter.event(),
                () -> LOG.info(
                        "Replayed the dead letter {} to {}: {} {}",
                        letter.id(),
                        letter.consumer(),
                        letter.event().type(),
                        letter.event().messageId()));
    }

    /** Why a consumer cannot be handed anything; empty where it can. */
    private Optional<String> refusal(JetStreamManagement management, String consumer) {
        if (consumer.isEmpty()) {
            return Optional.of("it does not say which consumer gave it up; look at it, and purge it");
        }
        String durable = NatsEventOptions.durable(consumer);
        try {
            @Nullable
            List<String> subjects = management
                    .getConsumerInfo(options.events().stream(), durable)
                    .getConsumerConfiguration()
                    .getFilterSubjects();
            boolean receives = subjects != null && subjects.contains(options.replaySubject(durable));
            return receives
                    ? Optional.empty()
                    : Optional.of("the consumer '%s' receives no replays; start its instance with a current version"
                            .formatted(consumer));
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() == NO_SUCH_CONSUMER) {
                return Optional.of("there is no consumer '%s' (any more); start its instance, or purge the letter"
                        .formatted(consumer));
            }
            throw unavailable(e);
        } catch (IOException | IllegalStateException e) {
            throw unavailable(e);
        }
    }

    @Override
    public boolean purge(String id) {
        JetStreamManagement management = management();
        Optional<DeadLetter> found = place(id).flatMap(place -> find(management, place));
        return found.isPresent() && purge(management, found.get());
    }

    private boolean purge(JetStreamManagement management, DeadLetter letter) {
        boolean removed = remove(management, letter);
        LogLines.about(
                letter.event(),
                () -> LOG.info(
                        "Purged the dead letter {} of {}: {} {}",
                        letter.id(),
                        letter.consumer(),
                        letter.event().type(),
                        letter.event().messageId()));
        return removed;
    }

    @Override
    public long purge(Filter filter) {
        JetStreamManagement management = management();
        if (filter.equals(Filter.all())) {
            return purgeAll(management);
        }
        AtomicLong purged = new AtomicLong();
        forEach(management, filter, letter -> {
            if (purge(management, letter)) {
                purged.incrementAndGet();
            }
        });
        return purged.get();
    }

    private long purgeAll(JetStreamManagement management) {
        long end = state(management).getLastSequence();
        try {
            long purged = management
                    .purgeStream(
                            stream, PurgeOptions.builder().sequence(end + 1).build())
                    .getPurged();
            LOG.info("Purged all {} dead letters", purged);
            return purged;
        } catch (IOException | JetStreamApiException | IllegalStateException e) {
            throw unavailable(e);
        }
    }

    @Override
    public Stats stats() {
        StreamState state = state(management());
        @Nullable ZonedDateTime first = state.getMsgCount() == 0 ? null : state.getFirstTime();
        return new Stats(state.getMsgCount(), first == null ? null : first.toInstant());
    }

    private StreamState state(JetStreamManagement management) {
        try {
            return management.getStreamInfo(stream).getStreamState();
        } catch (IOException | JetStreamApiException | IllegalStateException e) {
            throw unavailable(e);
        }
    }

    /** The server looks for the type and the time to begin at; all else in the filter is for the caller to look at. */
    private Optional<DeadLetter> next(JetStreamManagement management, Filter filter, long place) {
        String type = filter.type() != null && TYPE.matcher(filter.type()).matches() ? filter.type() : ">";
        String subject = options.deadLetterSubject(type);
        Instant since = filter.since();
        return place == 0 && since != null
                ? found(() ->
                        management.getFirstMessage(stream, since.minus(CLOCKS).atZone(ZoneOffset.UTC), subject))
                : found(() -> management.getNextMessage(stream, place + 1, subject));
    }

    private interface Look {
        MessageInfo look() throws IOException, JetStreamApiException;
    }

    private Optional<DeadLetter> found(Look look) {
        try {
            return Optional.of(DeadLetterFormat.read(look.look()));
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() == NO_SUCH_MESSAGE) {
                return Optional.empty();
            }
            throw unavailable(e);
        } catch (IOException | IllegalStateException e) {
            throw unavailable(e);
        }
    }

    /**
     * @return false where somebody else was quicker
     */
    private boolean remove(JetStreamManagement management, DeadLetter letter) {
        try {
            return management.deleteMessage(stream, place(letter), false);
        } catch (JetStreamApiException e) {
            if (find(management, place(letter)).isEmpty()) {
                return false;
            }
            throw unavailable(e);
        } catch (IOException | IllegalStateException e) {
            throw unavailable(e);
        }
    }

    private static long place(DeadLetter letter) {
        return Long.parseLong(letter.id());
    }

    private static Optional<Long> place(String id) {
        try {
            return Optional.of(Long.parseLong(id)).filter(place -> place > 0);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private JetStreamManagement management() {
        Connection connection = link.connection();
        try {
            if (connection != null && link.isConnected()) {
                return connection.jetStreamManagement(NatsLink.JETSTREAM);
            }
        } catch (IOException | IllegalStateException e) {
            throw unavailable(e);
        }
        throw new CatgaException(ErrorCode.UNAVAILABLE, "the dead letters cannot be reached: no connection to NATS");
    }

    private CatgaException unavailable(Exception cause) {
        return new CatgaException(
                ErrorCode.UNAVAILABLE, "the dead letters cannot be reached: " + link.explain(cause), cause);
    }
}
