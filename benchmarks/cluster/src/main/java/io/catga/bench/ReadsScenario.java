package io.catga.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;

/** How many questions a second: for one order, and for those of a customer. */
final class ReadsScenario implements Scenario {

    private static final int ORDERS_OF_A_CUSTOMER = 10;
    private static final Duration PREPARATION = Duration.ofSeconds(3);

    @Override
    public Outcome.Draft run(Lab lab) throws Exception {
        int clients = lab.usualClients();
        List<String> orders = new ArrayList<>();
        Set<String> customers = new LinkedHashSet<>();
        lab.load(lab.orders(ORDERS_OF_A_CUSTOMER), Lab.clients(clients), clients, PREPARATION, (answer, now) -> {
            orders.add("/api/orders/" + field(answer.body(), "orderId"));
            customers.add("/api/orders?customerId=" + field(answer.body(), "customerId"));
        });
        lab.drain();
        if (orders.isEmpty()) {
            throw new Failed("no order was accepted that could be read; look with ./doctor.sh");
        }
        Map<String, Callable<Round>> loads = new LinkedHashMap<>();
        loads.put(
                "one order by its id, %d clients".formatted(clients),
                () -> lab.round(lab.pages(orders), Lab.clients(clients), clients));
        loads.put(
                "%d orders of a customer, %d clients".formatted(ORDERS_OF_A_CUSTOMER, clients),
                () -> lab.round(lab.pages(List.copyOf(customers)), Lab.clients(clients), clients));
        Outcome.Draft draft = new Outcome.Draft();
        lab.byTurns(loads).forEach(draft::add);
        return draft;
    }

    /** A text of a JSON object that this program asked for and so knows the form of. */
    static String field(String json, String name) {
        String mark = "\"" + name + "\":\"";
        int at = json.indexOf(mark);
        if (at < 0) {
            return "";
        }
        int from = at + mark.length();
        return json.substring(from, json.indexOf('"', from));
    }
}
