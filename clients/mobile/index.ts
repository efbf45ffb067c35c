import { registerRootComponent } from 'expo';
import { App } from './src/ui/app.tsx';

registerRootComponent(App);
