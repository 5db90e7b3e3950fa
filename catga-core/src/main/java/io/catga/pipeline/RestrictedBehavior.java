package io.catga.pipeline;

import io.catga.MessageDescriptor;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** A behaviour for some types of messages only. */
record RestrictedBehavior(Behavior behavior, Predicate<MessageDescriptor> condition) implements Behavior {

    @Override
    public Placement placement() {
        return behavior.placement();
    }

    @Override
    public Optional<Step> stepFor(Target target) {
        return condition.test(target.type()) ? behavior.stepFor(target) : Optional.empty();
    }

    @Override
    public String name() {
        return behavior.name();
    }

    @Override
    public Map<String, String> settings(Target target) {
        return behavior.settings(target);
    }
}
