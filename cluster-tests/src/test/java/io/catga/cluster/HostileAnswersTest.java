package io.catga.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.catga.cluster.HostileRequest.Kind;
import io.catga.cluster.RawHttp.After;
import io.catga.cluster.RawHttp.Ending;
import io.catga.cluster.RawHttp.Exchange;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A system with a mistake in it, and the complaint that has to come of it. */
class HostileAnswersTest {

    private static final String PROBLEM = problem(400, "VALIDATION", "1 field is invalid");

    private static String problem(int status, String code, String detail) {
        String body = "{\"status\":%d,\"code\":\"%s\",\"detail\":\"%s\",\"instance\":\"/java.lang.Exception\"}"
                .formatted(status, code, detail);
        return "HTTP/1.1 %d \r\nContent-Type: application/problem+json\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(status, body.length(), body);
    }

    private static List<String> complaints(String answers) {
        return complaints(answers, Ending.CLOSED, "POST /api/orders HTTP/1.1\r\n\r\n", false);
    }

    private static List<String> complaints(String answers, Ending ending, String request, boolean orderable) {
        byte[] sent = request.getBytes(StandardCharsets.ISO_8859_1);
        return HostileAnswers.complaints(
                new HostileRequest(0, Kind.BODY, "test", sent, orderable, 1, After.WAIT),
                new Exchange(answers.getBytes(StandardCharsets.UTF_8), ending),
                "the-mark");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\n{}", "HTTP/1.1 304 \r\n\r\n"})
    void whatIsAsItShouldBeIsNoReason(String answers) {
        assertThat(complaints(answers)).isEmpty();
        assertThat(complaints(PROBLEM)).isEmpty();
        assertThat(complaints(problem(404, "NOT_FOUND", "There is nothing at this address.")))
                .isEmpty();
        assertThat(complaints("", Ending.RESET, "x", false)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "HTTP/1.1 500 ~~                                                   | status 500",
                "HTTP/1.1 501 ~~                                                   | status 501",
                "HTTP/1.1 503 ~~                                                   | status 503",
                "HTTP/1.1 400 ~Content-Type: text/html~~<html>                     | is no problem",
                "HTTP/1.1 400 ~Content-Type: application/json~~{}                  | is no problem",
                "HTTP/1.1 400 ~Content-Type: application/problem+json~~{}          | no code",
                "HTTP/1.1 400 ~Content-Type: application/problem+json~~oops        | no JSON",
                "HTTP/1.1 400 ~Content-Type: application/problem+json~~[]          | no JSON",
                "HTTP/1.1 201 ~~{}                                                 | an order came of it",
                "HTTP/1.1 200 ~X-Injected: 1~~                                     | is the client's",
                "HTTP/1.1 200 ~Location: /the-mark~~                               | is the client's",
                "HTTP/1.1 200 ~~root:x:0:0:root:/root:/bin/bash                    | nobody's business",
                "HTTP/1.1 200 ~~{\"components\":{\"livenessState\":{}}}            | for operators",
                "HTTP/1.1 200 ~~# HELP jvm_threads_live_threads                    | for operators",
                "HTTP/1.1 200 ~~{\"instance\":\"/smuggled-the-mark\"}              | hidden request",
                "HTTP/1.1 200 ~Content-Length: 0~~HTTP/1.1 200 ~Content-Length: 0~~| 2 answers"
            })
    void aMistakeIsFound(String answers, String complaint) {
        assertThat(complaints(answers.strip().replace("~", "\r\n")))
                .singleElement()
                .asString()
                .contains(complaint);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NullPointerException",
                "at io.catga.orders.api.OrderController.create(OrderController.java:93)",
                "org.springframework.web.util.x",
                "No content to map (tools.jackson.core.x)",
                "see /app/lib",
                "connect to 172.18.0.15:8080",
                "nats-1 is gone"
            })
    void aProblemThatTellsHowTheSystemIsMadeIsFound(String detail) {
        assertThat(complaints(problem(400, "VALIDATION", detail)))
                .singleElement()
                .asString()
                .contains("how it is made");
    }

    @Test
    void whatTheClientHasSaidItselfMayComeBack() {
        String answer = problem(404, "NOT_FOUND", "There is no order redis.call('x')");

        assertThat(complaints(answer, Ending.CLOSED, "GET /api/orders/redis%2ecall%28%27x%27%29 HTTP/1.1", false))
                .isEmpty();
        assertThat(complaints(answer, Ending.CLOSED, "GET /api/orders/x HTTP/1.1", false))
                .hasSize(1);
    }

    @Test
    void aCodeOfAFailureIsNoneForAMistakeOfTheClient() {
        assertThat(complaints(problem(400, "INTERNAL", "x"))).hasSize(1);
        assertThat(complaints(PROBLEM.replace("\"status\":400", "\"status\":422")))
                .hasSize(1);
    }

    @Test
    void aConnectionWithoutAnEndIsFound() {
        assertThat(complaints("", Ending.HUNG, "x", false))
                .singleElement()
                .asString()
                .contains("did not end");
    }

    @Test
    void anOddOrderMayBeTaken() {
        assertThat(complaints("HTTP/1.1 201 \r\n\r\n{}", Ending.CLOSED, "x", true))
                .isEmpty();
    }

    @Test
    void theAnswerToAHeadRequestIsJudgedByItsHeaders() {
        String head = "HTTP/1.1 404 \r\nContent-Type: application/problem+json\r\nContent-Length: 99\r\n\r\n";

        assertThat(complaints(head, Ending.CLOSED, "HEAD / HTTP/1.1\r\n\r\n", false))
                .isEmpty();
        assertThat(complaints(head, Ending.CLOSED, "GET / HTTP/1.1\r\n\r\n", false))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"2026-01-01 00:00:00.000 ERROR the-mark", "a\u001b[31mb", "a\u009b31m", "a\u0085b", "\u0007"})
    void aLineThatSomebodyElseHasWrittenIsFound(String line) {
        assertThat(ClusterLogs.isForged(line)).isTrue();
    }

    @Test
    void aLineMayTellWhatAClientHasSent() {
        assertThat(ClusterLogs.isForged("12:00:00.000 WARN  Bad: 2026-01-01 00:00:00.000 ERROR the-mark\tx"))
                .isFalse();
    }
}
