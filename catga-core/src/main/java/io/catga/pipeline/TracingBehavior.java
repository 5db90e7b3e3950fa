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
import org.jspecify.annotations.Nullable;

/**
 * One span for each message, in the trace that the message carries, or that its sender is in. The context travels in
 * headers ({@code traceparent}, W3C Trace Context), and the attributes follow OpenTelemetry's semantic conventions for
 * messaging. What those have no name for is {@code catga.delivery.attempt}, how many times an event has been delivered to
 * this consumer, and {@code catga.replayed}, where the result is the recorded one.
 *
 * <p>An event that is delivered again is a span again, beside the first: both continue the context that it carries.
 */
final class TracingBehavior implements Behavior {

    private static final String SEND = "send";
    private static final String PUBLISH = "publish";
    private static final String PROCESS = "process";

    /** What is the same for all messages of one target that are carried by the same system. */
    private record Attributes(
            String system,
            String client,
            String destination,
            @Nullable String group) {

        static Attributes of(MessagingNames names, Target target) {
            String type = target.type().name();
            boolean event = target.type().kind() == Kind.EVENT;
            Optional<String> group = event ? names.eventGroup() : names.requestGroup();
            return new Attributes(
                    names.system(),
                    names.client(),
                    event ? names.eventDestination(type) : names.requestDestination(type),
                    target.remote() ? null : group.orElse(null));
        }

        void addTo(Span.Builder span) {
            span.tag("messaging.system", system)
                    .tag("messaging.client.id", client)
                    .tag("messaging.destination.name", destination);
            if (group != null) {
                span.tag("messaging.consumer.group.name", group);
            }
        }
    }

    private final Tracer tracer;
    private final Propagator propagator;
    private final MessagingNames transport;
    private final MessagingNames local;

    /**
     * With spans of this tracer, and their context in the headers of messages.
     *
     * @param transport what carries the messages that come from, or go to, other processes
     */
    TracingBehavior(Tracer tracer, Propagator propagator, MessagingNames transport) {
        this.tracer = tracer;
        this.propagator = propagator;
        this.transport = transport;
        this.local = MessagingNames.inProcess(transport.client());
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
        String operation = !remote ? PROCESS : event ? PUBLISH : SEND;
        Span.Kind kind =
                remote ? event ? Span.Kind.PRODUCER : Span.Kind.CLIENT : event ? Span.Kind.CONSUMER : Span.Kind.SERVER;
        String name = operation + ' ' + type.label();
        Attributes carried = Attributes.of(transport, target);
        Attributes kept = Attributes.of(local, target);
        return Optional.of((context, next) -> {
            Span.Builder builder = spanFor(context)
                    .name(name)
                    .kind(kind)
                    .tag("messaging.operation.name", operation)
                    .tag("messaging.operation.type", remote ? SEND : PROCESS)
                    .tag("messaging.message.id", context.messageId())
                    .tag("messaging.message.conversation_id", context.metadata().correlationId());
            (remote || context.isReceived() ? carried : kept).addTo(builder);
            if (event && context.isReceived()) {
                builder.tag("catga.delivery.attempt", context.attempt());
            }
            Span span = builder.start();
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
