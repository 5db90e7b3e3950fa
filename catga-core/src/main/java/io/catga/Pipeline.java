package io.catga;

import io.catga.pipeline.Behavior;
import io.catga.pipeline.Placement;
import io.catga.pipeline.Step;
import io.catga.pipeline.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The steps of one target in front of what ends its pipeline.
 *
 * @param head    where a message enters; calling it looks nothing up and allocates nothing of its own
 * @param members the behaviours that take part, outermost first
 */
record Pipeline(Step.Next head, List<Member> members) {

    /**
     * A behaviour that takes part.
     *
     * @param name      what it is called
     * @param placement where it stands
     * @param settings  its settings for this target
     */
    record Member(String name, Placement placement, Map<String, String> settings) {}

    Pipeline {
        members = List.copyOf(members);
    }

    /** The same, with the members of what its head leads to. */
    Pipeline followedBy(List<Member> inner) {
        List<Member> all = new ArrayList<>(members);
        all.addAll(inner);
        return new Pipeline(head, all);
    }

    /** The members in order, as the {@code catga} actuator endpoint shows them. */
    List<Map<String, Object>> describe() {
        return members.stream()
                .map(member -> {
                    Map<String, Object> described = new LinkedHashMap<>();
                    described.put("behavior", member.name());
                    described.put("place", member.placement().toString());
                    if (!member.settings().isEmpty()) {
                        described.put("settings", new TreeMap<>(member.settings()));
                    }
                    return described;
                })
                .toList();
    }

    /** Composes the chain, once. */
    static Pipeline compose(Target target, Collection<Behavior> behaviors, Step.Next end) {
        List<Behavior> outermostFirst = behaviors.stream()
                .sorted(Comparator.comparing(Behavior::placement))
                .toList();
        List<Member> members = new ArrayList<>();
        Step.Next chain = end;
        for (Behavior behavior : outermostFirst.reversed()) {
            Optional<Step> found = behavior.stepFor(target);
            if (found.isPresent()) {
                Step step = found.get();
                Step.Next next = chain;
                chain = context -> step.handle(context, next);
                members.addFirst(new Member(behavior.name(), behavior.placement(), behavior.settings(target)));
            }
        }
        return new Pipeline(chain, members);
    }
}
