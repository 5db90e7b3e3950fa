package io.catga.spring;

import io.catga.CatgaError;
import io.catga.CatgaException;
import io.catga.ErrorCode;
import io.catga.transport.DeadLetter;
import io.catga.transport.DeadLetters;
import io.catga.transport.DeadLetters.Filter;
import io.catga.transport.DeadLetters.Page;
import io.catga.transport.DeadLetters.Stats;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * The dead letters over HTTP, at {@code /actuator/catgadeadletters}, the same from every instance:
 *
 * <table>
 * <caption>operations</caption>
 * <tr><td>{@code GET} with {@code type}, {@code consumer}, {@code code}, {@code olderThan} (such as {@code 2h}),
 * {@code after}, {@code limit}</td><td>how many there are, and a page of them, oldest first, 100 by default</td></tr>
 * <tr><td>{@code GET /ID}</td><td>one, with the headers and the payload of its event</td></tr>
 * <tr><td>{@code POST /ID}</td><td>replays one</td></tr>
 * <tr><td>{@code POST} with filters as above, or {@code all=true}</td><td>replays all that match</td></tr>
 * <tr><td>{@code DELETE /ID}</td><td>purges one</td></tr>
 * <tr><td>{@code DELETE} with filters as above, or {@code all=true}</td><td>purges all that match</td></tr>
 * </table>
 *
 * <p>A {@code POST} needs the header {@code Content-Type: application/json}, also without a body. What is refused is
 * answered with the HTTP status of its {@link ErrorCode}, and {@code code} and {@code message}.
 *
 * <p><b>Restricting it.</b> It shows what events contain, and throws them away. Over HTTP there is only what
 * {@code management.endpoints.web.exposure.include} names. {@code management.endpoint.catgadeadletters.access=read-only}
 * leaves only the reading, {@code none} nothing. With {@code management.server.port} and
 * {@code management.server.address} it is only where the outside does not reach; with Spring Security,
 * {@code EndpointRequest.to("catgadeadletters")} says whom to let in.
 */
@WebEndpoint(id = "catgadeadletters")
final class DeadLettersEndpoint {

    private static final int PAGE = 100;

    private final DeadLetters letters;
    private final Clock clock;

    DeadLettersEndpoint(DeadLetters letters, Clock clock) {
        this.letters = letters;
        this.clock = clock;
    }

    /**
     * Some dead letters.
     *
     * @param count  how many there are in all, whatever the filter says
     * @param oldest since when there are any
     * @param next   what to give as {@code after} for the next page; {@code null} with the last one
     */
    record Listing(
            long count,
            @Nullable Instant oldest,
            List<Summary> letters,
            @Nullable String next) {}

    record Summary(
            String id,
            String consumer,
            String instance,
            String type,
            String messageId,
            ErrorCode code,
            String cause,
            int attempts,
            Instant time,
            @Nullable String traceId) {

        static Summary of(DeadLetter letter) {
            return new Summary(
                    letter.id(),
                    letter.consumer(),
                    letter.instance(),
                    letter.event().type(),
                    letter.event().messageId(),
                    letter.code(),
                    letter.cause(),
                    letter.attempts(),
                    letter.time(),
                    letter.traceId().orElse(null));
        }
    }

    /**
     * One dead letter with everything.
     *
     * @param encoding how the payload is to be read: {@code utf-8}, or else {@code base64}
     */
    record Details(Summary letter, Map<String, String> headers, String encoding, String payload) {

        static Details of(DeadLetter letter) {
            byte[] payload = letter.event().payload();
            Summary summary = Summary.of(letter);
            Map<String, String> headers = letter.event().headers();
            try {
                String text = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(payload))
                        .toString();
                return new Details(summary, headers, "utf-8", text);
            } catch (CharacterCodingException e) {
                return new Details(
                        summary, headers, "base64", Base64.getEncoder().encodeToString(payload));
            }
        }
    }

    record Replay(long replayed, Map<String, String> skipped) {}

    record Purge(long purged) {}

    record Refusal(ErrorCode code, String message) {}

    @ReadOperation
    WebEndpointResponse<Object> list(
            @Nullable String type,
            @Nullable String consumer,
            @Nullable ErrorCode code,
            @Nullable Duration olderThan,
            @Nullable String after,
            @Nullable Integer limit) {
        return answer(() -> {
            Filter filter = filter(type, consumer, code, olderThan);
            Page page = letters.list(filter, after, limit == null ? PAGE : limit);
            Stats stats = letters.stats();
            List<Summary> summaries = page.letters().stream().map(Summary::of).toList();
            return new Listing(stats.count(), stats.oldest(), summaries, page.next());
        });
    }

    @ReadOperation
    WebEndpointResponse<Object> show(@Selector String id) {
        return answer(() -> Details.of(letters.find(id).orElseThrow(() -> unknown(id))));
    }

    @WriteOperation
    WebEndpointResponse<Object> replay(@Selector String id) {
        return answer(() -> {
            require(letters.replay(id), id);
            return new Replay(1, Map.of());
        });
    }

    @WriteOperation
    WebEndpointResponse<Object> replayAll(
            @Nullable String type,
            @Nullable String consumer,
            @Nullable ErrorCode code,
            @Nullable Duration olderThan,
            @Nullable Boolean all) {
        return answer(() -> {
            DeadLetters.Replayed replayed =
                    letters.replay(deliberate(filter(type, consumer, code, olderThan), all, "replay"));
            return new Replay(replayed.letters(), replayed.skipped());
        });
    }

    @DeleteOperation
    WebEndpointResponse<Object> purge(@Selector String id) {
        return answer(() -> {
            require(letters.purge(id), id);
            return new Purge(1);
        });
    }

    @DeleteOperation
    WebEndpointResponse<Object> purgeAll(
            @Nullable String type,
            @Nullable String consumer,
            @Nullable ErrorCode code,
            @Nullable Duration olderThan,
            @Nullable Boolean all) {
        return answer(
                () -> new Purge(letters.purge(deliberate(filter(type, consumer, code, olderThan), all, "purge"))));
    }

    private Filter filter(
            @Nullable String type, @Nullable String consumer, @Nullable ErrorCode code, @Nullable Duration olderThan) {
        return new Filter(
                type,
                consumer,
                code,
                null,
                olderThan == null ? null : clock.instant().minus(olderThan));
    }

    /** Unknown parameters are not told to an endpoint: with one misspelt filter everything would be gone. */
    private static Filter deliberate(Filter filter, @Nullable Boolean all, String what) {
        boolean everything = filter.equals(Filter.all());
        if (everything != Boolean.TRUE.equals(all)) {
            throw new CatgaException(
                    ErrorCode.VALIDATION,
                    everything
                            ? "nothing says which letters to " + what
                                    + "; give type, consumer, code or olderThan, or else all=true"
                            : "all=true and a filter contradict each other; give one of them");
        }
        return filter;
    }

    private static void require(boolean found, String id) {
        if (!found) {
            throw unknown(id);
        }
    }

    private static CatgaException unknown(String id) {
        return new CatgaException(
                ErrorCode.NOT_FOUND, "there is no dead letter '%s'; it may have been replayed or purged".formatted(id));
    }

    private static WebEndpointResponse<Object> answer(Supplier<Object> operation) {
        try {
            return new WebEndpointResponse<>(operation.get());
        } catch (CatgaException e) {
            CatgaError error = e.error();
            return new WebEndpointResponse<>(
                    new Refusal(error.code(), error.message()), error.code().httpStatus());
        }
    }
}
