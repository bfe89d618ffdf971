package io.amcinsights.aws;

import io.amcinsights.ports.Secrets;

import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

import java.util.Optional;

/** Secrets of AWS Secrets Manager. */
final class ManagedSecrets implements Secrets {

    private final SecretsManagerClient manager;

    ManagedSecrets(SecretsManagerClient manager) {
        this.manager = manager;
    }

    @Override
    public Optional<String> get(String name) {
        try {
            return Optional.ofNullable(
                    manager.getSecretValue(r -> r.secretId(name)).secretString());
        } catch (ResourceNotFoundException e) {
            return Optional.empty();
        }
    }

    @Override
    public void put(String name, String value) {
        try {
            manager.putSecretValue(r -> r.secretId(name).secretString(value));
        } catch (ResourceNotFoundException e) {
            create(name, value);
        }
    }

    private void create(String name, String value) {
        try {
            manager.createSecret(r -> r.name(name).secretString(value));
        } catch (ResourceExistsException e) {
            // somebody else has made it since
            manager.putSecretValue(r -> r.secretId(name).secretString(value));
        }
    }

    @Override
    public void remove(String name) {
        try {
            manager.deleteSecret(r -> r.secretId(name).forceDeleteWithoutRecovery(true));
        } catch (ResourceNotFoundException e) {
            // gone already
        }
    }
}
