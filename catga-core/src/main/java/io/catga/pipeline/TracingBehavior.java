package io.catga.pipeline;

import io.catga.MessageContext;
import io.catga.MessageDescriptor;
import io.catga.MessageDescriptor.Kind;
import io.catga.Result;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.util.Map;
import java.util.Optional;

/**
 * One span for each message, in the trace that the message carries, or that its sender is in. The context travels in
 * headers ({@code traceparent}, W3C Trace Context), and the attributes follow OpenTelemetry's semantic conventions for
 * messaging.
 */
final class TracingBehavior implements Behavior {

    private final Tracer tracer;
    private final Propagator propagator;

    /** With spans of this tracer, and their context in the headers of messages. */
    TracingBehavior(Tracer tracer, Propagator propagator) {
        this.tracer = tracer;
        this.propagator = propagator;
    }

    @Override
    public Placement placement() {
        return Placement.at(Stage.TRACING);
    }

    @Override
    public Optional<Step> stepFor(Target target) {
        MessageDescriptor type = target.type();
        boolean remote = target.remote();
        boolean event = type.kind() == Kind.EVENT;
        String operation = !remote ? "process" : event ? "publish" : "send";
        Span.Kind kind =
                remote ? event ? Span.Kind.PRODUCER : Span.Kind.CLIENT : event ? Span.Kind.CONSUMER : Span.Kind.SERVER;
        String name = operation + ' ' + type.label();
        return Optional.of((context, next) -> {
            Span span = spanFor(context)
                    .name(name)
                    .kind(kind)
                    .tag("messaging.operation.type", operation)
                    .tag("messaging.destination.name", type.name())
                    .tag("messaging.message.id", context.messageId())
                    .start();
            try (Tracer.SpanInScope _ = tracer.withSpan(span)) {
                if (remote) {
                    propagator.inject(
                            span.context(), context, (any, header, value) -> context.putHeader(header, value));
                }
                return finish(span, context, next.proceed(context));
            } catch (RuntimeException | Error defect) {
                span.error(defect);
                throw defect;
            } finally {
                span.end();
            }
        });
    }

    /** A message that was sent from inside this process continues the sender's span, any other the one it carries. */
    private Span.Builder spanFor(MessageContext context) {
        Map<String, String> headers = context.metadata().headers();
        return tracer.currentSpan() == null && !headers.isEmpty()
                ? propagator.extract(headers, Map::get)
                : tracer.spanBuilder();
    }

    private static Result<?> finish(Span span, MessageContext context, Result<?> result) {
        if (result instanceof Result.Failure<?>(var error)) {
            span.tag("error.type", error.code().name());
            if (!error.code().isRejection()) {
                span.error(new FailedMessage(error.message()));
            }
        }
        if (context.isReplayed()) {
            span.tag("catga.replayed", true);
        }
        return result;
    }

    /** How a failure result looks in a trace, which knows errors only as throwables. */
    private static final class FailedMessage extends RuntimeException {

        private static final long serialVersionUID = 1L;

        FailedMessage(String message) {
            super(message, null, false, false);
        }
    }
}
