package io.catga.store;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Shows in the trace of a message what it asked of the state store, and how long that took; attributes as in
 * OpenTelemetry's semantic conventions for databases. Outside of a trace it adds nothing.
 */
final class TracedStateStore implements StateStore {

    private final StateStore store;
    private final Tracer tracer;
    private final String system;

    /**
     * Around this store.
     *
     * @param system which database it is, such as {@code redis}
     */
    TracedStateStore(StateStore store, Tracer tracer, String system) {
        this.store = store;
        this.tracer = tracer;
        this.system = system;
    }

    @Override
    public CommitOutcome commit(AtomicStep step, Instant deadline) {
        return traced("commit", () -> store.commit(step, deadline));
    }

    @Override
    public Optional<byte[]> get(String key, Instant deadline) {
        return traced("get", () -> store.get(key, deadline));
    }

    @Override
    public List<Optional<byte[]>> getAll(List<String> keys, Instant deadline) {
        return traced("get", () -> store.getAll(keys, deadline));
    }

    @Override
    public List<String> greatest(String index, @Nullable String before, int limit, Instant deadline) {
        return traced("range", () -> store.greatest(index, before, limit, deadline));
    }

    private <T> T traced(String operation, Supplier<T> work) {
        if (tracer.currentSpan() == null) {
            return work.get();
        }
        Span span = tracer.spanBuilder()
                .name(operation + ' ' + system)
                .kind(Span.Kind.CLIENT)
                .tag("db.system.name", system)
                .tag("db.operation.name", operation)
                .start();
        try (Tracer.SpanInScope _ = tracer.withSpan(span)) {
            return work.get();
        } catch (RuntimeException e) {
            span.error(e);
            throw e;
        } finally {
            span.end();
        }
    }
}
