package io.catga.floor.api;

import io.catga.floor.cluster.NatsClient;
import io.catga.floor.orders.CreateOrder;
import io.catga.floor.orders.Wire;
import io.nats.client.JetStreamStatusException;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks one member of the queue group, in attempts that share the idempotency key, until the deadline. Where the server
 * says that nobody has subscribed, the next attempt follows after a short pause, for a second in all; a receiver that is
 * silent is taken for dead after a second, the next after two.
 */
@Component
final class NatsOrderService implements OrderService {

    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final Duration NO_RESPONDER_PATIENCE = Duration.ofSeconds(1);
    private static final Duration FIRST_ATTEMPT = Duration.ofSeconds(1);
    private static final Duration LATER_ATTEMPT = Duration.ofSeconds(2);

    private final NatsClient nats;
    private final JsonMapper mapper;

    NatsOrderService(NatsClient nats, JsonMapper mapper) {
        this.nats = nats;
        this.mapper = mapper;
    }

    @Override
    public Answer create(CreateOrder order, String idempotencyKey) {
        return ask(Wire.CREATE, new Headers().put(Wire.KEY, idempotencyKey), mapper.writeValueAsBytes(order));
    }

    @Override
    public Answer get(String orderId) {
        return ask(Wire.GET, new Headers(), orderId.getBytes(StandardCharsets.UTF_8));
    }

    private Answer ask(String subject, Headers headers, byte[] body) {
        headers.put(Wire.DEADLINE, Long.toString(System.currentTimeMillis() + DEADLINE.toMillis()));
        long start = System.nanoTime();
        Duration patience = FIRST_ATTEMPT;
        try {
            while (true) {
                Duration left = DEADLINE.minusNanos(System.nanoTime() - start);
                if (!left.isPositive()) {
                    throw new ProblemException(Code.DEADLINE_EXCEEDED, "No answer in time");
                }
                Message answer = null;
                try {
                    answer = attempt(subject, headers, body, patience.compareTo(left) < 0 ? patience : left);
                    patience = LATER_ATTEMPT;
                } catch (NobodyThere e) {
                    if (System.nanoTime() - start > NO_RESPONDER_PATIENCE.toNanos()) {
                        throw new ProblemException(Code.UNAVAILABLE, "Nobody can take the request now");
                    }
                    Thread.sleep(ThreadLocalRandom.current().nextLong(20, 51));
                }
                if (answer != null) {
                    return read(answer);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProblemException(Code.UNAVAILABLE, "The application is stopping");
        }
    }

    /** Nothing where the time passes without an answer. */
    private @Nullable Message attempt(String subject, Headers headers, byte[] body, Duration patience)
            throws InterruptedException, NobodyThere {
        CompletableFuture<Message> answer = nats.connection().request(subject, headers, body);
        try {
            return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            return null;
        } catch (ExecutionException | CancellationException e) {
            if (e.getCause() instanceof JetStreamStatusException || e instanceof CancellationException) {
                throw new NobodyThere();
            }
            throw new IllegalStateException("a request could not be sent", e);
        }
    }

    private static Answer read(Message answer) {
        Headers headers = answer.getHeaders();
        return new Answer(
                Integer.parseInt(headers.getFirst(Wire.STATUS)),
                answer.getData(),
                Objects.requireNonNullElse(headers.getFirst(Wire.ORDER_ID), ""),
                Objects.requireNonNull(headers.getFirst(Wire.HANDLED_BY)),
                headers.getFirst(Wire.REPLAYED) != null);
    }

    /** The server says so, at once. */
    private static final class NobodyThere extends Exception {

        private static final long serialVersionUID = 1L;

        NobodyThere() {
            super(null, null, false, false);
        }
    }
}
