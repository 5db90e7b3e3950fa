package io.catga.spring;

import io.catga.nats.NatsEventReceiver;
import io.catga.nats.NatsStreamStates;
import io.catga.nats.NatsStreamStates.State;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.function.ToDoubleFunction;

/**
 * What an instance that takes events from JetStream has in hand and before it, how late it is, and how the streams are.
 *
 * <p>Every instance that takes events reports the same about the streams: take the maximum by {@code stream}. What the
 * server has not said is missing, and no scrape waits for it.
 */
final class NatsEventMeters implements MeterBinder {

    private static final Duration[] LAG_BUCKETS = {
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
    };

    private final NatsEventReceiver receiver;
    private final Map<String, RecentAnswer<State>> streams = new LinkedHashMap<>();

    NatsEventMeters(NatsEventReceiver receiver, NatsStreamStates states, Clock clock, Executor executor) {
        this.receiver = receiver;
        states.streams()
                .forEach(name -> streams.put(name, new RecentAnswer<>(() -> states.ask(name), clock, executor)));
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("catga.events.inflight", receiver, NatsEventReceiver::inFlight)
                .description("Events that this instance has in hand")
                .register(registry);
        Gauge.builder("catga.events.receiving", receiver, known -> known.isActive() ? 1 : 0)
                .description("1 while events reach this instance, and where it has no handlers of any")
                .register(registry);
        Gauge.builder("catga.events.pending", receiver, known -> orMissing(known.pending()))
                .description("Events in the stream that this instance has not been given yet")
                .register(registry);
        Gauge.builder("catga.events.ack.pending", receiver, known -> orMissing(known.ackPending()))
                .description("Events that this instance has been given and has not settled, as the server sees it")
                .register(registry);
        FunctionCounter.builder("catga.events.redelivered", receiver, NatsEventReceiver::redelivered)
                .description("Deliveries that were not the first of their event")
                .register(registry);
        Timer lag = Timer.builder("catga.event.lag")
                .description("From the publication of an event to the end of its handling")
                .serviceLevelObjectives(LAG_BUCKETS)
                .register(registry);
        receiver.onHandled(lag::record);
        streams.forEach((name, state) -> {
            stream(registry, name, state, "messages", "How many messages a stream has", NatsEventMeters::messages);
            stream(
                    registry,
                    name,
                    state,
                    "replicas.current",
                    "How many copies of a stream have everything that is confirmed",
                    State::currentReplicas);
            stream(
                    registry,
                    name,
                    state,
                    "has.leader",
                    "1 where a stream can be published to and read from",
                    known -> known.hasLeader() ? 1 : 0);
        });
    }

    private static double messages(State state) {
        Long messages = state.messages();
        return messages == null ? Double.NaN : messages;
    }

    private static double orMissing(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : Double.NaN;
    }

    private static void stream(
            MeterRegistry registry,
            String stream,
            RecentAnswer<State> state,
            String what,
            String description,
            ToDoubleFunction<State> value) {
        Gauge.builder(
                        "catga.stream." + what,
                        state,
                        recent -> recent.get().map(value::applyAsDouble).orElse(Double.NaN))
                .description(description)
                .tag("stream", stream)
                .register(registry);
    }
}
