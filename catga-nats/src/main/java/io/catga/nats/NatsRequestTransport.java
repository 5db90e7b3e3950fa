package io.catga.nats;

import io.catga.CatgaError;
import io.catga.CatgaException;
import io.catga.Described;
import io.catga.ErrorCode;
import io.catga.nats.Exchange.Signal;
import io.catga.transport.RequestTransport;
import io.catga.transport.TransportHeaders;
import io.catga.transport.WireMessage;
import io.catga.transport.WireReply;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.nats.client.impl.Headers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Requests over core NATS, to one member of the queue group that handles the type.
 *
 * <p>Core NATS promises nothing: a receiver that dies with a request gives no sign, and neither does a server. So a
 * request is made in attempts, all with the same message id, until there is an answer or the deadline:
 *
 * <ul>
 *   <li>Silence for the attempt time-out means that the receiver is gone. One that is at work says so every 100 ms, and
 *       the silence counts from there: a slow handler is not called twice, and a dead one costs half a second.
 *   <li>A broken connection ends an attempt at once, and the next is made as soon as there is another.
 *   <li>Where the server says that nobody has subscribed, or there is no connection, the next attempt follows after a
 *       short random pause, for the patience of the options; then it is {@link ErrorCode#UNAVAILABLE}. A group whose
 *       members restart, and a node that has not yet heard of a new subscription, look like that for a moment.
 *   <li>The answer to an earlier attempt counts whenever it comes.
 * </ul>
 *
 * <p>Therefore a request can be handled more than once, and its handler must be idempotent by the message id. An error
 * that the receiver answers is an answer, and is not tried again here. Each further attempt is an event of the span that
 * the caller is in, with its reason. Thread-safe; the caller's thread waits, and is meant to be a virtual one.
 */
public final class NatsRequestTransport implements RequestTransport, Described {

    private static final int SHORTEST_PAUSE_MILLIS = 20;
    private static final int LONGEST_PAUSE_MILLIS = 50;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final NatsLink link;
    private final Clock clock;
    private final RandomGenerator random;
    private final Tracer tracer;
    private final LongAdder repeated = new LongAdder();

    /**
     * Over this connection, by the clock of this machine; a request that is sent before there is a connection waits for
     * one, as for a responder.
     */
    public NatsRequestTransport(NatsLink link) {
        this(link, Tracer.NOOP);
    }

    /**
     * Over this link, as above, with further attempts visible in traces.
     *
     * @param tracer whose current span shows the attempts
     */
    public NatsRequestTransport(NatsLink link, Tracer tracer) {
        this(link, Clock.systemUTC(), new Random(), tracer);
    }

    /**
     * Over this connection, with the time and the randomness of the caller's choice, for tests.
     *
     * @param clock  by which deadlines are meant
     * @param random spreads the pauses between attempts; thread-safe
     * @param tracer whose current span shows the attempts
     */
    public NatsRequestTransport(NatsLink link, Clock clock, RandomGenerator random, Tracer tracer) {
        this.link = link;
        this.clock = clock;
        this.random = random;
        this.tracer = tracer;
    }

    @Override
    public Map<String, Object> describe() {
        return Map.of(
                "servers", link.options().servers(),
                "subjects", link.options().requestSubject("*"),
                "attempt-timeout", link.options().requests().attemptTimeout().toString(),
                "no-responder-patience",
                        link.options().requests().noResponderPatience().toString());
    }

    /** How many attempts were made beyond the first of each request. */
    public long repeatedAttempts() {
        return repeated.sum();
    }

    @Override
    public WireReply request(WireMessage request, Instant deadline) {
        Headers headers = WireHeaders.of(request);
        try (Exchange exchange = new Exchange(link.inbox(), link.options().requestSubject(request.type()))) {
            return request(request, headers, deadline, exchange);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CatgaException(ErrorCode.UNAVAILABLE, "interrupted while waiting for " + request.type(), e);
        }
    }

    private WireReply request(WireMessage request, Headers headers, Instant deadline, Exchange exchange)
            throws InterruptedException {
        @Nullable Instant nobodySince = null;
        int silent = 0;
        int attempts = 0;
        String reason = "";
        while (true) {
            if (!clock.instant().isBefore(deadline)) {
                throw nobodySince == null ? noAnswer(request) : nobody(request);
            }
            requireFits(request, headers);
            exchange.forget();
            Signal signal = new Signal.NobodyThere();
            if (link.send(
                    exchange.subject(), exchange.address(), ofAttempt(attempts + 1, headers), request.payload())) {
                attempts++;
                if (attempts > 1) {
                    repeated.increment();
                    show(attempts, reason);
                }
                signal = listen(exchange, patience(silent), deadline);
                silent = signal instanceof Signal.Silence ? silent + 1 : silent;
            }
            if (signal instanceof Signal.Refused) {
                throw refused(exchange.subject());
            }
            reason = reasonOf(signal);
            if (signal instanceof Signal.NobodyThere) {
                Instant now = clock.instant();
                nobodySince = nobodySince == null ? now : nobodySince;
                Instant patience = nobodySince.plus(link.options().requests().noResponderPatience());
                if (!now.isBefore(patience) || link.isClosed()) {
                    throw nobody(request);
                }
                signal = pause(exchange, patience.isBefore(deadline) ? patience : deadline);
            } else {
                nobodySince = null;
            }
            if (signal instanceof Signal.Answered(var answer)) {
                return WireHeaders.reply(answer);
            }
        }
    }

    private void show(int attempt, String reason) {
        Span span = tracer.currentSpan();
        if (span != null) {
            span.event("attempt %d: %s".formatted(attempt, reason));
        }
    }

    /** Why there is to be another attempt after one that came to this. */
    private static String reasonOf(Signal signal) {
        return switch (signal) {
            case Signal.NobodyThere _ -> "nobody was there to take it";
            case Signal.Lost _ -> "the connection was lost";
            case Signal.Silence _, Signal.InProgress _ -> "no sign of the receiver";
            case Signal.Answered _, Signal.Refused _ -> "";
        };
    }

    /** The first attempt says nothing of it. Copied, because the client may still be writing those of the attempt before. */
    private static Headers ofAttempt(int number, Headers headers) {
        return number == 1 ? headers : new Headers(headers).put(TransportHeaders.ATTEMPT, Integer.toString(number));
    }

    /** To be asked before each attempt: the limit is known only while there is a connection. */
    private void requireFits(WireMessage request, Headers headers) {
        long limit = link.maxPayload();
        if (!WireHeaders.fits(headers, request.payload(), limit)) {
            throw WireHeaders.tooLarge("the request " + request.type(), request.payload(), limit);
        }
    }

    /**
     * One silence means that a receiver is gone. Further ones rather mean that all of them are slow, and asking as often
     * would make them slower: the third attempt and those after it get twice the time. Not more, since a member that hangs
     * stays in the group until the server has noticed, and may be the one that is asked again.
     */
    private Duration patience(int silentAttempts) {
        Duration first = link.options().requests().attemptTimeout();
        return silentAttempts < 2 ? first : first.multipliedBy(2);
    }

    /** Waits until the attempt has come to something, or was silent for too long. */
    private Signal listen(Exchange exchange, Duration patience, Instant deadline) throws InterruptedException {
        Signal signal;
        do {
            signal = exchange.await(shorter(patience, left(deadline)));
        } while (signal instanceof Signal.InProgress && left(deadline).isPositive());
        return signal;
    }

    /** Lets a moment pass in which somebody may appear; an answer to an earlier attempt ends it. */
    private Signal pause(Exchange exchange, Instant atMostUntil) throws InterruptedException {
        if (!link.isConnected()) {
            link.awaitConnected(left(atMostUntil));
            return new Signal.Lost();
        }
        Duration pause = Duration.ofMillis(random.nextInt(SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS + 1));
        return exchange.await(shorter(pause, left(atMostUntil)));
    }

    private Duration left(Instant until) {
        return Duration.between(clock.instant(), until);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static CatgaException noAnswer(WireMessage request) {
        return new CatgaException(ErrorCode.DEADLINE_EXCEEDED, "no answer to " + request.type() + " by its deadline");
    }

    /** Nobody can repair that by asking again, unlike what is merely unavailable. */
    private CatgaException refused(String subject) {
        return new CatgaException(
                ErrorCode.INTERNAL,
                "NATS does not let %s publish to %s"
                        .formatted(link.options().access().who(), subject));
    }

    private CatgaException nobody(WireMessage request) {
        String why =
                link.isConnected() ? "nobody handles " + request.type() + " now" : "there is no connection to NATS";
        return new CatgaException(CatgaError.of(ErrorCode.UNAVAILABLE, why).retryAfter(RETRY_AFTER));
    }
}
