package io.catga.nats;

import io.catga.CatgaException;
import io.catga.ErrorCode;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Publishes to a stream and waits for the confirmation. A publication to JetStream is a request whose answer is the
 * confirmation; it is made over the link's own inbox, because the client's {@code publishAsync} can be timed only as a
 * whole by the cleaning of its requests, and does not notice a broken connection. Thread-safe.
 */
final class StreamPublisher {

    private final NatsLink link;
    private final int room;
    private final Executor completion;
    private final Runnable noStream;

    /**
     * @param room       how many bytes of what the server takes in one message are to stay free
     * @param completion where the futures complete; not the thread that delivers answers, which must not be held up
     * @param noStream   told when no stream takes the subject
     */
    StreamPublisher(NatsLink link, int room, Executor completion, Runnable noStream) {
        this.link = link;
        this.room = room;
        this.completion = completion;
        this.noStream = noStream;
    }

    /**
     * @param deduplicationId a second publication with it, within the stream's window, is not kept
     * @return completes with the confirmation; exceptionally, with a {@link CatgaException}, where it is not known
     *     whether the message is kept
     */
    CompletableFuture<Void> publish(String subject, String deduplicationId, Headers headers, byte[] payload) {
        WireHeaders.put(headers, WireHeaders.DEDUPLICATION_ID, deduplicationId);
        long limit = link.maxPayload() - room;
        if (!WireHeaders.fits(headers, payload, limit)) {
            return CompletableFuture.failedFuture(WireHeaders.tooLarge("the event for " + subject, payload, limit));
        }
        Confirmation confirmation = new Confirmation(subject);
        long number = link.inbox().open(confirmation);
        if (!link.send(subject, link.inbox().address(number), headers, payload)) {
            confirmation.fail("there is no connection to NATS");
        }
        return confirmation
                .outcome
                .orTimeout(link.options().events().publishTimeout().toNanos(), TimeUnit.NANOSECONDS)
                .handleAsync(
                        (done, failure) -> {
                            link.inbox().close(number);
                            if (failure == null) {
                                return done;
                            }
                            throw failure instanceof TimeoutException
                                    ? unavailable(subject, "no confirmation in time", failure)
                                    : (CatgaException) failure;
                        },
                        completion);
    }

    private static CatgaException unavailable(String subject, String why, Throwable cause) {
        return new CatgaException(
                ErrorCode.UNAVAILABLE, "publishing to " + subject + " is not confirmed: " + why, cause);
    }

    private final class Confirmation implements ReplyInbox.Waiting {

        private final String subject;
        private final CompletableFuture<Void> outcome = new CompletableFuture<>();

        Confirmation(String subject) {
            this.subject = subject;
        }

        @Override
        public void reply(Message message) {
            if (WireHeaders.isNoResponders(message)) {
                fail("no stream takes it, or it has no leader now");
                noStream.run();
                return;
            }
            try {
                PublishAck confirmed = new PublishAck(message);
                outcome.complete(null);
                assert confirmed.getSeqno() > 0;
            } catch (IOException | JetStreamApiException e) {
                outcome.completeExceptionally(unavailable(subject, String.valueOf(e.getMessage()), e));
            }
        }

        @Override
        public void lost() {
            fail("the connection to NATS broke");
        }

        @Override
        public void refused(String unpublished) {
            if (unpublished.equals(subject)) {
                // Whoever gives the permission has the event published, without starting anything anew.
                fail("NATS does not let %s do it"
                        .formatted(link.options().access().who()));
            }
        }

        private void fail(String why) {
            outcome.completeExceptionally(new CatgaException(
                    ErrorCode.UNAVAILABLE, "publishing to " + subject + " is not confirmed: " + why));
        }
    }
}
