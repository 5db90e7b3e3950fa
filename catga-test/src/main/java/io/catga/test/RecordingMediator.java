package io.catga.test;

import io.catga.Event;
import io.catga.Mediator;
import io.catga.MessageOptions;
import io.catga.Reply;
import io.catga.Request;
import io.catga.Result;
import io.catga.Unit;
import io.catga.test.Recorded.Sent;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What a harness gives out for a mediator: records each request with its result. There before the mediator is, because
 * handlers want it in their constructors and the mediator wants the handlers.
 */
final class RecordingMediator implements Mediator {

    private final String sender;
    private final Recorder recorder;
    private final OpenWork open;
    private volatile @Nullable Mediator mediator;

    RecordingMediator(String sender, Recorder recorder, OpenWork open) {
        this.sender = sender;
        this.recorder = recorder;
        this.open = open;
    }

    void leadTo(Mediator built) {
        mediator = built;
    }

    private Mediator mediator() {
        Mediator built = mediator;
        if (built == null) {
            throw new IllegalStateException("the mediator of " + sender + " was used while the harness was being built;"
                    + " send from the handle method rather than from a constructor");
        }
        return built;
    }

    private <Q extends Request<R>, R> void record(Q request, Result<R> result) {
        recorder.add(new Sent<>(sender, request, result));
    }

    @Override
    public <R> Reply<R> exchange(Request<R> request, MessageOptions options) {
        return open.during(() -> {
            Reply<R> reply = mediator().exchange(request, options);
            record(request, reply.result());
            return reply;
        });
    }

    @Override
    public <R> CompletionStage<Result<R>> sendAsync(Request<R> request, MessageOptions options) {
        Mediator sending = mediator();
        open.begin();
        return sending.sendAsync(request, options).whenComplete((@Nullable Result<R> result, Throwable _) -> {
            if (result != null) {
                record(request, result);
            }
            open.end();
        });
    }

    @Override
    public Result<Unit> publish(Event event, MessageOptions options) {
        return open.during(() -> mediator().publish(event, options));
    }
}
