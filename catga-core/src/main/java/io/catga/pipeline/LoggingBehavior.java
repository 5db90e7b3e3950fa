package io.catga.pipeline;

import io.catga.CatgaError;
import io.catga.MessageContext;
import io.catga.MessageDescriptor;
import io.catga.MessageDescriptor.Kind;
import io.catga.Result;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One line at INFO for each message that this instance handles, with the instance's name first: commands and queries as
 * their handling begins, events when they are handled. An event that comes again after it was handled is a line at
 * DEBUG, so that counting the lines counts the events.
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
        boolean remote = target.remote();
        String what = type.kind().label() + ": " + type.label();
        if (remote) {
            return Optional.of((context, next) -> {
                LOG.debug("[{}] Sending {} [MessageId={}]", instance, what, context.messageId());
                return logFailure(what, context, next.proceed(context));
            });
        }
        if (type.kind() == Kind.EVENT) {
            return Optional.of((context, next) -> {
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
            });
        }
        return Optional.of((context, next) -> {
            LOG.info("[{}] Handling {} [MessageId={}]", instance, what, context.messageId());
            return logFailure(what, context, next.proceed(context));
        });
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
