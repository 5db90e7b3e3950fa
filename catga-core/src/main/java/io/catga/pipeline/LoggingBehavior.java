package io.catga.pipeline;

import io.catga.CatgaError;
import io.catga.MessageContext;
import io.catga.MessageDescriptor;
import io.catga.MessageDescriptor.Kind;
import io.catga.Result;
import io.catga.transport.LogLines;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;

/**
 * One line at INFO for each message that this instance handles, with the instance's name first: commands and queries as
 * their handling begins, events when they are handled. An event that comes again after it was handled is a line at
 * DEBUG, so that counting the lines counts the events.
 *
 * <p>Every line that is written on the thread while a message is sent or handled, the application's own included, has its
 * id in the MDC, as {@value LogLines#MESSAGE_ID}; the trace's id comes there with the span.
 */
final class LoggingBehavior implements Behavior {

    private static final Logger LOG = LoggerFactory.getLogger("io.catga.messages");

    private final String instance;

    /** With this name of the instance in each line. */
    LoggingBehavior(String instance) {
        this.instance = instance;
    }

    @Override
    public Placement placement() {
        return Placement.at(Stage.LOGGING);
    }

    @Override
    public Optional<Step> stepFor(Target target) {
        MessageDescriptor type = target.type();
        String what = type.kind().label() + ": " + type.label();
        if (target.remote()) {
            return Optional.of(underItsId((context, next) -> {
                LOG.debug("[{}] Sending {} [MessageId={}]", instance, what, context.messageId());
                return logFailure(what, context, next.proceed(context));
            }));
        }
        if (type.kind() == Kind.EVENT) {
            return Optional.of(underItsId((context, next) -> {
                Result<?> result = logFailure(what, context, next.proceed(context));
                if (result.isSuccess()) {
                    LOG.atLevel(context.isReplayed() ? Level.DEBUG : Level.INFO)
                            .log(
                                    "[{}] {} {} [{}={}]",
                                    instance,
                                    context.isReplayed() ? "Received again" : "Received",
                                    what,
                                    type.keyLabel(),
                                    type.keyOf(context.message()).orElseGet(context::messageId));
                }
                return result;
            }));
        }
        return Optional.of(underItsId((context, next) -> {
            LOG.info("[{}] Handling {} [MessageId={}]", instance, what, context.messageId());
            return logFailure(what, context, next.proceed(context));
        }));
    }

    /** A message that is sent while another one is handled has its own id meanwhile. */
    private static Step underItsId(Step step) {
        return (context, next) -> {
            String outer = MDC.get(LogLines.MESSAGE_ID);
            MDC.put(LogLines.MESSAGE_ID, context.messageId());
            try {
                return step.handle(context, next);
            } finally {
                if (outer == null) {
                    MDC.remove(LogLines.MESSAGE_ID);
                } else {
                    MDC.put(LogLines.MESSAGE_ID, outer);
                }
            }
        };
    }

    private Result<?> logFailure(String what, MessageContext context, Result<?> result) {
        if (result instanceof Result.Failure<?>(CatgaError error)) {
            LOG.atLevel(error.code().isRejection() ? Level.DEBUG : Level.WARN)
                    .log(
                            "[{}] Failed {}: {} {} [MessageId={}, Attempt={}]",
                            instance,
                            what,
                            error.code(),
                            error.message(),
                            context.messageId(),
                            context.attempt());
        }
        return result;
    }
}
