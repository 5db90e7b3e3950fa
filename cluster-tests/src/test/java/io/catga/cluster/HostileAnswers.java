package io.catga.cluster;

import io.catga.cluster.RawHttp.Ending;
import io.catga.cluster.RawHttp.Exchange;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Finds what is wrong with the answers to a hostile request. A system that withstands it gives no reason to complain. */
final class HostileAnswers {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Set<String> CODES =
            Set.of("VALIDATION", "NOT_FOUND", "CONFLICT", "IDEMPOTENCY_MISMATCH", "RATE_LIMITED", "UNREADABLE");

    /** What only somebody who works on the system should read. */
    private static final Pattern INTERNALS = Pattern.compile(
            "Exception|\\bat [a-z]+\\.|\\b(java|jakarta|tools|org|io)\\.[a-z]+\\."
                    + "|\\.java\\b|/app/|/etc/|\\b(10|172|192)(\\.\\d+){3}|nats|redis|tomcat|jackson|spring",
            Pattern.CASE_INSENSITIVE);
    /** A file of the machine, the settings of an application, and what operators ask it. */
    private static final Pattern SECRETS =
            Pattern.compile("root:.*:0:0:|spring:\\s|Manifest-Version:|\\[core\\]\\s|PATH=/");

    private static final Pattern FOR_OPERATORS =
            Pattern.compile("\"livenessState\"|\"_links\":\\{\"self\"|# HELP |\"handlers\":");

    private HostileAnswers() {}

    static List<String> complaints(HostileRequest request, Exchange exchange, String mark) {
        List<String> complaints = new ArrayList<>();
        if (exchange.ending() == Ending.HUNG) {
            complaints.add("the connection did not end");
        }
        List<RawAnswer> answers = RawAnswer.allOf(exchange.received(), request.isHead());
        if (answers.size() > request.answers()) {
            complaints.add("%d answers in the place of %d".formatted(answers.size(), request.answers()));
        }
        for (RawAnswer answer : answers) {
            judge(answer, request, mark, complaints);
        }
        return complaints;
    }

    private static void judge(RawAnswer answer, HostileRequest request, String mark, List<String> complaints) {
        if (answer.status() >= 500) {
            complaints.add("status " + answer.status() + ": " + answer.body());
        } else if (answer.status() >= 400) {
            judgeProblem(answer, request, complaints);
        }
        if (answer.status() == 201 && !request.orderable()) {
            complaints.add("an order came of it: " + answer.body());
        }
        answer.headers().forEach((name, values) -> {
            if (name.contains("injected") || values.stream().anyMatch(value -> value.contains(mark))) {
                complaints.add("the header " + name + ": " + values + " is the client's");
            }
        });
        if (answer.body().contains(HostileFrames.SMUGGLED)) {
            complaints.add("the hidden request was answered: " + answer.body());
        }
        if (SECRETS.matcher(answer.body()).find()) {
            complaints.add("it has what is nobody's business: " + answer.body());
        }
        if (request.throughBalancer() && FOR_OPERATORS.matcher(answer.body()).find()) {
            complaints.add("it has what is for operators: " + answer.body());
        }
    }

    private static void judgeProblem(RawAnswer answer, HostileRequest request, List<String> complaints) {
        if (!answer.header("Content-Type").startsWith("application/problem+json")) {
            complaints.add("status %d is no problem, but %s: %s"
                    .formatted(answer.status(), answer.header("Content-Type"), answer.body()));
            return;
        }
        if (request.isHead()) {
            return;
        }
        try {
            if (!(JSON.readTree(answer.body()) instanceof ObjectNode problem)) {
                complaints.add("status " + answer.status() + " has no JSON object: " + answer.body());
                return;
            }
            if (problem.path("status").asInt(0) != answer.status()
                    || !CODES.contains(problem.path("code").asString(""))) {
                complaints.add("status %d has another status or no code: %s".formatted(answer.status(), problem));
            }
            // the address that the client itself has named
            problem.remove("instance");
            if (INTERNALS.matcher(problem.toString()).results().anyMatch(word -> !request.says(word.group()))) {
                complaints.add("it tells how it is made: " + problem);
            }
        } catch (JacksonException e) {
            complaints.add("status " + answer.status() + " has no JSON: " + answer.body());
        }
    }
}
