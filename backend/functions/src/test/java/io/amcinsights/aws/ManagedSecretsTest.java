package io.amcinsights.aws;

import io.amcinsights.ports.Secrets;
import io.amcinsights.ports.SecretsContract;

import org.junit.jupiter.api.extension.RegisterExtension;

import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

class ManagedSecretsTest extends SecretsContract {

    @RegisterExtension static final Moto MOTO = new Moto();

    @Override
    protected Secrets secrets() {
        return new ManagedSecrets(MOTO.client(SecretsManagerClient.builder()));
    }
}
